-- Open for enrolment today
-- What begins soonest comes first; what has no date comes last. Only where the source says something of enrolment:
-- empty is neither open nor closed. Today is the day in UTC, by the database's clock. This looks at every run of the
-- catalogue (in the order of a second per 100,000 offerings); while a person types, search with the filter enrolment_open.
SELECT offering_id, title, provider, next_start, price_from, currency, homepage
FROM v1_offerings
WHERE enrolment_open AND status <> 'withdrawn'
ORDER BY next_start IS NULL, next_start, offering_id
LIMIT 50
