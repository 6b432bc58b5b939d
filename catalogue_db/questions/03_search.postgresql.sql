-- A search
-- What a person types: words in any order, "phrases", -without, the last word only begun. docs/search.md says how it
-- is understood, which filters there are, and how pages follow one another.
-- :words What was typed; no text is an error. Example: data literacy
-- :lang Language of the person (BCP 47). Example: en
-- :filters Filters as JSON. Example: {"levels": [6]}
SELECT position, offering_id, title_marked, snippet, provider, ects, eqf_level, next_start, total, total_is_exact, did_you_mean, next_cursor
FROM search_offerings(:words, :lang, CAST(:filters AS jsonb), 20)
ORDER BY position
