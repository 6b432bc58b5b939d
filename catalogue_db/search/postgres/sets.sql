-- Which offerings have some words: the same as catalogue_db/search/sets.py.
-- Of common terms the bitmaps are read; the few offerings of rare ones come from the full-text index.

-- A set, and whether it is exact: a phrase of very common words is only looked for in the 1,500 likeliest offerings.
CREATE TYPE catalogue.search_found AS (members bit varying, is_exact boolean);

-- What has any of some words, and the phrases of common words that are still to be looked for.
CREATE TYPE catalogue.search_words_found AS (members bit varying, phrases text[]);

-- What the full-text index is asked for offerings with any of some forms. Terms become quoted lexemes, never syntax.
CREATE FUNCTION catalogue.search_tsquery(forms text[]) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN (
        SELECT string_agg('(''' || replace(
            replace(replace(form, '\', '\\'), '''', ''''''), ' ', ''' <-> '''
        ) || ''')', ' | ')
        FROM unnest(forms) AS form
    )::tsquery;
END
$function$;

-- The offerings that the full-text index finds.
CREATE FUNCTION catalogue.search_indexed(forms text[], in_title boolean, chunks integer) RETURNS bit varying
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    query tsquery := catalogue.search_tsquery(forms);
BEGIN
    IF in_title THEN
        RETURN catalogue.search_of(
            ARRAY(SELECT v.key FROM catalogue.search_vector v WHERE v.title @@ query), chunks
        );
    END IF;
    RETURN catalogue.search_of(ARRAY(SELECT v.key FROM catalogue.search_vector v WHERE v.words @@ query), chunks);
END
$function$;

-- The offerings among some that have any of some phrases of common words; those with its words in the title, then the
-- newest, are looked at.
CREATE FUNCTION catalogue.search_phrased(
    phrases text[], in_title boolean, among bit varying, chunks integer
) RETURNS catalogue.search_found
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    query tsquery := catalogue.search_tsquery(phrases);
    kind text := CASE WHEN in_title THEN 'title' ELSE 'word' END;
    possible bit varying;
    each_possible bit varying;
    titled bit varying;
    phrase text;
    keys bigint[];
BEGIN
    possible := among & ~among;
    titled := possible;
    FOREACH phrase IN ARRAY phrases LOOP
        each_possible := catalogue.search_with_all(kind, string_to_array(phrase, ' '), among, chunks);
        possible := possible | each_possible;
        IF NOT in_title AND bit_count(each_possible) > 1500 THEN
            titled := titled | catalogue.search_with_all('title', string_to_array(phrase, ' '), each_possible, chunks);
        END IF;
    END LOOP;
    keys := catalogue.search_newest(titled, 1500);
    keys := keys || catalogue.search_newest(possible & ~titled, 1500 - cardinality(keys));
    IF in_title THEN
        keys := ARRAY(SELECT v.key FROM catalogue.search_vector v WHERE v.key = ANY (keys) AND v.title @@ query);
    ELSE
        keys := ARRAY(SELECT v.key FROM catalogue.search_vector v WHERE v.key = ANY (keys) AND v.words @@ query);
    END IF;
    RETURN ROW(catalogue.search_of(keys, chunks), bit_count(possible) <= 1500)::catalogue.search_found;
END
$function$;

-- The offerings among some that have all of some common terms.
CREATE FUNCTION catalogue.search_with_all(
    kind text, terms text[], among bit varying, chunks integer
) RETURNS bit varying
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    members bit varying := among;
    term text;
BEGIN
    FOREACH term IN ARRAY terms LOOP
        members := members & catalogue.search_any_of(kind, ARRAY[term], chunks);
    END LOOP;
    RETURN members;
END
$function$;

-- The offerings that have any of some forms, anywhere or in the title, but for phrases of common words. Only live ones
-- have words.
CREATE FUNCTION catalogue.search_having(forms text[], in_title boolean, chunks integer) RETURNS catalogue.search_words_found
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    common text[];
    rare text[];
    got catalogue.search_words_found := ROW(NULL, '{}'::text[]);
    members bit varying;
BEGIN
    SELECT coalesce(array_agg(f.form) FILTER (WHERE f.is_common AND f.terms = 1), '{}'),
        coalesce(array_agg(f.form) FILTER (WHERE f.is_common AND f.terms > 1), '{}'),
        coalesce(array_agg(f.form) FILTER (WHERE NOT f.is_common), '{}')
    INTO common, got.phrases, rare
    FROM (
        SELECT form, bool_and(t.common) AS is_common, count(*) AS terms
        FROM (SELECT DISTINCT unnest(forms) AS form) AS d
        CROSS JOIN unnest(string_to_array(form, ' ')) AS each (term)
        JOIN catalogue.search_term t ON t.term = each.term
        GROUP BY form HAVING NOT in_title OR min(t.titles) > 0
    ) AS f;
    IF common <> '{}' OR rare = '{}' THEN
        members := catalogue.search_any_of(CASE WHEN in_title THEN 'title' ELSE 'word' END, common, chunks);
    END IF;
    IF rare <> '{}' THEN
        got.members := catalogue.search_indexed(rare, in_title, chunks);
        members := CASE WHEN members IS NULL THEN got.members ELSE members | got.members END;
    END IF;
    got.members := members;
    RETURN got;
END
$function$;

-- The offerings among some that have any of some forms anywhere, phrases of common words too.
CREATE FUNCTION catalogue.search_having_any(
    forms text[], among bit varying, chunks integer
) RETURNS catalogue.search_found
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    got catalogue.search_words_found := catalogue.search_having(forms, false, chunks);
    phrased catalogue.search_found;
BEGIN
    IF got.phrases = '{}' THEN
        RETURN ROW(got.members & among, true)::catalogue.search_found;
    END IF;
    phrased := catalogue.search_phrased(got.phrases, false, among, chunks);
    RETURN ROW((got.members | phrased.members) & among, phrased.is_exact)::catalogue.search_found;
END
$function$;
