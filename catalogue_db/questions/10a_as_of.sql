-- What the catalogue said of an offering on a day
-- A day means its end (UTC): give the day after it. No row: the catalogue did not have the offering then.
-- :offering_id Identifier of the offering. Example: north-c1
-- :day_after The day after the day that is asked about. Example: 2026-03-02
SELECT v.offering_id, v.number, v.valid_from, v.valid_to, v.document
FROM v1_offering_version_documents v
WHERE v.offering_id = :offering_id
  AND v.valid_from < :day_after AND (v.valid_to IS NULL OR v.valid_to >= :day_after)
