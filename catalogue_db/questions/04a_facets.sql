-- Facets of the whole catalogue
-- How many offerings there are for each value, for a portal that shows where one can begin. This counts the whole catalogue
-- (in the order of a second per 100,000 offerings): keep the answer until v1_feeds says that something was confirmed anew.
SELECT 'eqf_level' AS facet, CAST(eqf_level AS text) AS value, count(*) AS offerings
FROM v1_offerings WHERE status <> 'withdrawn' AND eqf_level IS NOT NULL GROUP BY eqf_level
UNION ALL
SELECT 'country', country, count(*)
FROM v1_offerings WHERE status <> 'withdrawn' AND country IS NOT NULL GROUP BY country
UNION ALL
SELECT 'mode', m.mode, count(*)
FROM v1_offering_modes m JOIN v1_offerings o ON o.offering_id = m.offering_id WHERE o.status <> 'withdrawn' GROUP BY m.mode
UNION ALL
SELECT 'language', l.lang, count(*)
FROM v1_offering_languages l JOIN v1_offerings o ON o.offering_id = l.offering_id WHERE o.status <> 'withdrawn' GROUP BY l.lang
UNION ALL
SELECT 'field', f.broad, count(DISTINCT f.offering_id)
FROM v1_fields f JOIN v1_offerings o ON o.offering_id = f.offering_id WHERE o.status <> 'withdrawn' GROUP BY f.broad
ORDER BY facet, offerings DESC, value
