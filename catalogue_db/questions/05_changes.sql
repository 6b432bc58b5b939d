-- What has changed since
-- For a portal that keeps a copy: begin with 0, apply the rows in order (withdrawn: delete; all else: put the document in
-- its place), keep the last cursor, ask again. Nothing is ever skipped. The document is the one of today, so applying a
-- change twice does no harm.
-- :cursor The last cursor that was seen; 0 at the beginning. Example: 0
SELECT c.cursor, c.kind, c.offering_id, c.feed, c.changed_at, c.fields, c.reason, d.document
FROM v1_changes c
JOIN v1_offering_documents d ON d.offering_id = c.offering_id
WHERE c.cursor > :cursor
ORDER BY c.cursor
LIMIT 1000
