-- One offering, whole
-- The row of the list and the public JSON document, which has every text in every language, the runs, prices and
-- where each value was found. A tombstone is found too: its status is withdrawn, and withdrawn_reason says why.
-- :offering_id Identifier of the offering. Example: north-c1
SELECT o.*, d.document
FROM v1_offerings o
JOIN v1_offering_documents d ON d.offering_id = o.offering_id
WHERE o.offering_id = :offering_id
