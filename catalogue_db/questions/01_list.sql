-- A list, the newest first
-- What a front page or a list of results without a search shows. The next page begins behind the last row of this one
-- (not at an offset): give its last_changed and offering_id. Filter by any column of v1_offerings in the same way.
-- :country Country (ISO 3166-1 alpha-2). Example: FI
-- :before_changed last_changed of the last row of the page before. Example: 9999
-- :before_id offering_id of that row. Example: 9999
SELECT offering_id, title, provider, country, ects, eqf_level, next_start, enrolment_open, trust_status, status, last_changed
FROM v1_offerings
WHERE status <> 'withdrawn'
  AND country = :country
  AND (last_changed, offering_id) < (:before_changed, :before_id)
ORDER BY last_changed DESC, offering_id DESC
LIMIT 50
