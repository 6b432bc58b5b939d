-- What a person typed, understood: the same as catalogue_db/search/query.py. Any text is a query.

-- One word, or several that belong together in this order. begun: the word may be only the beginning of one.
-- quoted: they stood in quotes, and are meant as they were typed.
CREATE TYPE catalogue.search_wish AS (words text[], begun boolean, unwanted boolean, quoted boolean);

-- The wishes that are wanted, or those that are not, in order.
CREATE FUNCTION catalogue.search_of_kind(wishes catalogue.search_wish[], is_unwanted boolean)
RETURNS catalogue.search_wish[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    several catalogue.search_wish[] := '{}';
    wish catalogue.search_wish;
BEGIN
    FOREACH wish IN ARRAY wishes LOOP
        IF wish.unwanted = is_unwanted THEN
            several := several || wish;
        END IF;
    END LOOP;
    RETURN several;
END
$function$;

-- The words of a text without blanks or quotes: several lists, those joined by a hyphen and the like stay together.
-- An elided article (l'hygiène) is left aside. Lists may be empty.
CREATE FUNCTION catalogue.search_bare_words(chunk text) RETURNS SETOF jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    part text;
BEGIN
    FOR part IN SELECT each[1] FROM regexp_matches(chunk, catalogue.search_letters('part'), 'g') AS each LOOP
        part := regexp_replace(part, catalogue.search_letters('elided'), '', 'i');
        RETURN NEXT to_jsonb(catalogue.search_split(part));
    END LOOP;
    IF chunk !~ catalogue.search_letters('ends part') THEN
        RETURN NEXT '[]'::jsonb;  -- nothing is begun where a sign stands behind it
    END IF;
END
$function$;

-- The wishes of a query's text in order, at most 24 wanted and 24 unwanted ones.
-- last_begun: whether the last word may be only begun, which it may not be when something stands behind it.
CREATE FUNCTION catalogue.search_parsed(given text, last_begun boolean) RETURNS catalogue.search_wish[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    chunk text[];
    several jsonb;
    before text := '';
    is_unwanted boolean;
    wish catalogue.search_wish;
    is_open boolean;
    wanted catalogue.search_wish[] := '{}';
    unwanted catalogue.search_wish[] := '{}';
BEGIN
    FOR chunk IN
        SELECT each FROM regexp_matches(left(given, 500), catalogue.search_letters('chunk'), 'g') AS each
    LOOP
        is_open := false;
        -- behind some words, and behind a comma, a hyphen stands for a part left out: Planung und -steuerung
        is_unwanted := chunk[1] IS NOT NULL AND right(before, 1) <> ',' AND catalogue.search_plain(before) <> ALL (
            string_to_array(catalogue.search_letters('joining'), E'\n')
        );
        before := coalesce(chunk[3], '');
        FOR several IN
            SELECT to_jsonb(catalogue.search_split(chunk[2])) WHERE chunk[2] IS NOT NULL
            UNION ALL
            SELECT catalogue.search_bare_words(chunk[3]) WHERE chunk[3] IS NOT NULL
        LOOP
            is_open := chunk[3] IS NOT NULL AND NOT is_unwanted AND several <> '[]';
            CONTINUE WHEN several = '[]';
            wish := ROW(ARRAY(SELECT jsonb_array_elements_text(several)), false, is_unwanted, chunk[2] IS NOT NULL);
            IF wish.unwanted THEN
                unwanted := unwanted || wish;
            ELSE
                wanted := wanted || wish;
            END IF;
        END LOOP;
    END LOOP;
    IF is_open AND last_begun AND length(given) <= 500 AND given !~ catalogue.search_letters('ends blank') THEN
        wanted[cardinality(wanted)].begun := true;
    END IF;
    RETURN wanted[1:24] || unwanted[1:24];
END
$function$;
