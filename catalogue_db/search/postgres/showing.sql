-- What a page shows of texts: HTML in which everything is escaped but the <mark> around what was found.

CREATE FUNCTION catalogue.search_escaped(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(
    given, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#x27;');

-- The words to mark, as keys of a JSON object: all that have one of some terms in any language.
CREATE FUNCTION catalogue.search_to_mark(terms text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN coalesce((
        SELECT jsonb_object_agg(each.word, true)
        FROM (
            SELECT unnest(terms) AS word
            UNION
            SELECT v.word FROM catalogue.search_word v WHERE v.term = ANY (terms)
        ) AS each
    ), '{}');
END
$function$;

-- Whether a word of a text is one that the query found.
CREATE FUNCTION catalogue.search_is_found(word text, to_mark jsonb, beginnings text[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    surface text := CASE WHEN octet_length(word) = length(word) THEN lower(word COLLATE "C")
        ELSE array_to_string(catalogue.search_folded(word), ' ') END;
BEGIN
    RETURN to_mark ? surface OR (beginnings <> '{}' AND EXISTS (
        SELECT FROM unnest(beginnings) AS beginning WHERE starts_with(surface, beginning)
    ));
END
$function$;

-- A text as HTML with its found words marked; or only its best passage of 32 words. found: words marked in it.
CREATE FUNCTION catalogue.search_marked(
    given text, to_mark jsonb, beginnings text[], passage boolean, OUT found_words integer, OUT html text
)
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    before text[];
    after text;
    words text[];
    hits integer[];
    start integer := 1;
    finish integer;
BEGIN
    SELECT coalesce(array_agg(each[1] ORDER BY n), '{}'), coalesce(array_agg(each[2] ORDER BY n), '{}')
    INTO before, words
    FROM regexp_matches(left(given, 20000), catalogue.search_letters('word and before'), 'g') WITH ORDINALITY AS m (each, n);
    hits := ARRAY(
        SELECT n::integer FROM unnest(words) WITH ORDINALITY AS w (word, n)
        WHERE catalogue.search_is_found(word, to_mark, beginnings) ORDER BY n
    );
    found_words := cardinality(hits);
    finish := cardinality(words);
    IF passage THEN
        start := coalesce((
            SELECT greatest(1, h.hit - 4) FROM unnest(hits) AS h (hit)
            ORDER BY (SELECT count(*) FROM unnest(hits) AS o (hit) WHERE o.hit BETWEEN h.hit AND h.hit + 27) DESC, h.hit
            LIMIT 1
        ), 1);
        finish := least(start + 31, finish);
    END IF;
    html := coalesce((
        SELECT string_agg(
            CASE WHEN n = start AND start > 1 THEN '' ELSE catalogue.search_escaped(before[n]) END
            || CASE WHEN n = ANY (hits) THEN '<mark>' || catalogue.search_escaped(words[n]) || '</mark>'
                ELSE catalogue.search_escaped(words[n]) END, '' ORDER BY n
        )
        FROM generate_series(start, finish) AS n
    ), '');
    IF finish = cardinality(words) THEN
        after := substr(given, 1 + (SELECT sum(length(before[n]) + length(words[n])) FROM generate_series(1, finish) AS n)::integer);
        html := html || catalogue.search_escaped(coalesce(after, given));
    END IF;
    IF passage THEN
        html := CASE WHEN start > 1 THEN '… ' ELSE '' END
            || btrim(regexp_replace(html, '\s+', ' ', 'g'))
            || CASE WHEN finish < cardinality(words) THEN ' …' ELSE '' END;
    END IF;
END
$function$;
