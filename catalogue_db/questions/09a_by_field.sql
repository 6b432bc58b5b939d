-- By field of education
-- A broad field (2 digits) includes the narrow (3) and detailed (4) ones in it: the colon follows the digits.
-- :field ISCED-F code of two to four digits. Example: 06
SELECT DISTINCT o.offering_id, o.title, o.provider, o.ects, o.eqf_level
FROM v1_fields f
JOIN v1_offerings o ON o.offering_id = f.offering_id
WHERE f.code >= :field AND f.code < :field || ':' AND o.status <> 'withdrawn'
ORDER BY o.title, o.offering_id
LIMIT 50
