-- By ESCO skill
-- Offerings with a learning outcome that names the skill; v1_learning_outcomes has the outcome in words.
-- :skill Address of the skill in ESCO. Example: http://data.europa.eu/esco/skill/1
SELECT DISTINCT o.offering_id, o.title, o.provider, o.ects, o.eqf_level
FROM v1_skills s
JOIN v1_offerings o ON o.offering_id = s.offering_id
WHERE s.skill = :skill AND o.status <> 'withdrawn'
ORDER BY o.title, o.offering_id
LIMIT 50
