-- Facets of a search
-- How many offerings a search would find with each value, the facet's own filter left aside. From Python:
-- `facets` of the page that `catalogue_db.search` returns.
-- :words What was typed. Example: data
-- :lang Language of the person, for the labels. Example: en
-- :filters Filters as JSON. Example: {"modes": ["online"]}
SELECT facet, value, label, offerings
FROM search_facets(:words, :lang, CAST(:filters AS jsonb))
