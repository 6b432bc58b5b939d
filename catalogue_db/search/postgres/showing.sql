-- What a page shows of texts: HTML in which everything is escaped but the <mark> around what was found.

CREATE FUNCTION catalogue.search_escaped(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(
    given, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#x27;');

-- What to mark: words (keys of a JSON object, the language they are found in before them), beginnings of words, and the
-- first letters of all of these. asked: how many words were asked for.
CREATE TYPE catalogue.search_marks AS (words jsonb, beginnings text[], letters text, asked integer);

-- All words that have one of some terms are marked.
CREATE FUNCTION catalogue.search_to_mark(terms text[], beginnings text[], asked integer) RETURNS catalogue.search_marks
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    marks catalogue.search_marks;
BEGIN
    SELECT coalesce(jsonb_object_agg(v.lang || ' ' || v.word, true), '{}'), beginnings,
        coalesce(string_agg(DISTINCT left(v.word, 1), ''), '') || array_to_string(beginnings, ''), asked
    INTO marks
    FROM catalogue.search_word v WHERE v.term = ANY (terms);
    RETURN marks;
END
$function$;

-- A text as HTML with its found words marked; or only its best passage of 32 words. found_words: marked in it.
-- Only words that begin with a letter of those to mark (or with one that has an accent) are folded.
CREATE FUNCTION catalogue.search_marked(
    given text, tag text, marks catalogue.search_marks, passage boolean, OUT found_words integer, OUT html text
)
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    language text := coalesce(
        (SELECT l.lang FROM catalogue.search_language l WHERE l.lang = lower(split_part(tag, '-', 1))), ''
    ) || ' ';
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
        SELECT w.n::integer
        FROM unnest(words) WITH ORDINALITY AS w (word, n)
        CROSS JOIN LATERAL (SELECT CASE WHEN octet_length(w.word) = length(w.word) THEN lower(w.word COLLATE "C")
            WHEN ascii(w.word) < 128 AND strpos(marks.letters, lower(left(w.word, 1) COLLATE "C")) = 0 THEN ''
            ELSE array_to_string(catalogue.search_folded(w.word), ' ') END AS folded OFFSET 0) AS f
        WHERE marks.words ? (language || f.folded)
            OR (marks.beginnings <> '{}' AND EXISTS (
                SELECT FROM unnest(marks.beginnings) AS b WHERE starts_with(f.folded, b)
            ))
        ORDER BY w.n
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
