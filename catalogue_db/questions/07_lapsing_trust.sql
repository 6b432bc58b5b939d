-- Trust that lapses soon
-- Offerings whose evidence of quality assurance ends within a period, by what the newest check knows; a renewed report
-- takes them off this list at the next check. docs/trust.md says what each status means.
-- :from_day First day. Example: 2026-01-01
-- :to_day Last day. Example: 2026-12-31
SELECT t.covered_until, o.awarding_body, o.offering_id, o.title, t.status, t.report, t.agency
FROM v1_trust_statements t
JOIN v1_offerings o ON o.offering_id = t.offering_id
WHERE t.said_to IS NULL AND t.role = 'awarding_body' AND o.status <> 'withdrawn'
  AND t.covered_until BETWEEN :from_day AND :to_day
ORDER BY t.covered_until, o.awarding_body, o.offering_id
