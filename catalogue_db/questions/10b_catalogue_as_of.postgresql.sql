-- The whole catalogue as it was on a day
-- What stands in the document is asked for as JSON, here the English title and the credits.
-- :day_after The day after the day that is asked about. Example: 2026-03-02
SELECT v.offering_id, CAST(v.document AS jsonb) #>> '{title,en}' AS title,
  CAST(CAST(v.document AS jsonb) #>> '{workload,ects}' AS double precision) AS ects
FROM v1_offering_version_documents v
WHERE v.valid_from < :day_after AND (v.valid_to IS NULL OR v.valid_to >= :day_after)
ORDER BY v.offering_id
