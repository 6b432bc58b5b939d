-- Texts by language: the same as catalogue_db/texts.py.

CREATE TYPE catalogue.search_text_of AS (lang text, text text);

-- Pick a text: the first of some languages that is there, else English, else the first by tag, "und" last.
-- A language also stands for its regional forms.
CREATE FUNCTION catalogue.search_preferred(texts jsonb, languages text[]) RETURNS catalogue.search_text_of
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $function$
DECLARE
    picked catalogue.search_text_of;
    tags text[] := ARRAY(SELECT jsonb_object_keys(texts));
BEGIN
    IF cardinality(tags) = 1 THEN
        RETURN ROW(tags[1], texts ->> tags[1])::catalogue.search_text_of;
    END IF;
    SELECT t.key, t.value INTO picked
    FROM jsonb_each_text(texts) AS t
    LEFT JOIN unnest(languages || 'en'::text) WITH ORDINALITY AS w (lang, number)
        ON lower(split_part(w.lang, '-', 1) COLLATE "C") = lower(split_part(t.key, '-', 1) COLLATE "C")
    ORDER BY w.number, w.lang <> t.key, t.key = 'und', t.key COLLATE "C"
    LIMIT 1;
    RETURN picked;
END
$function$;
