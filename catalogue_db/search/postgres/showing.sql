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

-- A text in words: what stands before each, the words, and the places of those to mark.
CREATE TYPE catalogue.search_words_of AS (before text[], words text[], hits integer[]);

-- Only words that begin with a letter of those to mark (or with one that has an accent) are folded.
CREATE FUNCTION catalogue.search_words_marked(given text, tag text, marks catalogue.search_marks)
RETURNS catalogue.search_words_of
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    made catalogue.search_words_of;
    language text := coalesce(
        (SELECT l.lang FROM catalogue.search_language l WHERE l.lang = lower(split_part(tag, '-', 1))), ''
    ) || ' ';
BEGIN
    SELECT coalesce(array_agg(m.pair[1] ORDER BY m.n), '{}'), coalesce(array_agg(m.pair[2] ORDER BY m.n), '{}')
    INTO made.before, made.words
    FROM regexp_matches(left(given, 20000), catalogue.search_letters('word and before'), 'g')
        WITH ORDINALITY AS m (pair, n);
    made.hits := ARRAY(
        SELECT w.n::integer
        FROM unnest(made.words) WITH ORDINALITY AS w (word, n)
        CROSS JOIN LATERAL (SELECT CASE
            WHEN octet_length(w.word) = length(w.word) THEN lower(w.word COLLATE "C")
            WHEN ascii(w.word) < 128 AND strpos(marks.letters, lower(left(w.word, 1) COLLATE "C")) = 0 THEN ''
            ELSE array_to_string(catalogue.search_folded(w.word), ' ') END AS folded OFFSET 0) AS f
        WHERE marks.words ? (language || f.folded)
            OR (strpos(f.folded, ' ') > 0 AND EXISTS (  -- a word may be folded to several: ½ is 1 and 2
                SELECT FROM unnest(string_to_array(f.folded, ' ')) AS p WHERE marks.words ? (language || p)
            ))
            OR (marks.beginnings <> '{}' AND EXISTS (
                SELECT FROM unnest(marks.beginnings) AS b WHERE strpos(' ' || f.folded, ' ' || b) > 0
            ))
        ORDER BY w.n
    );
    RETURN made;
END
$function$;

-- Some words of a text, from one to another, as HTML with the found ones marked.
CREATE FUNCTION catalogue.search_html(made catalogue.search_words_of, start integer, finish integer) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN coalesce((
        SELECT string_agg(
            CASE WHEN n = start AND start > 1 THEN '' ELSE catalogue.search_escaped(made.before[n]) END
            || CASE WHEN n = ANY (made.hits) THEN '<mark>' || catalogue.search_escaped(made.words[n]) || '</mark>'
                ELSE catalogue.search_escaped(made.words[n]) END, '' ORDER BY n
        )
        FROM generate_series(start, finish) AS n
    ), '');
END
$function$;

-- What stands behind the last word of a text, as HTML.
CREATE FUNCTION catalogue.search_html_end(made catalogue.search_words_of, given text) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN catalogue.search_escaped(substr(given, 1 + coalesce((
        SELECT sum(length(p.before) + length(p.word)) FROM unnest(made.before, made.words) AS p (before, word)
    ), 0)::integer));
END
$function$;

-- A whole text as HTML with its found words marked.
CREATE FUNCTION catalogue.search_marked(given text, tag text, marks catalogue.search_marks) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_words_of := catalogue.search_words_marked(given, tag, marks);
BEGIN
    RETURN catalogue.search_html(made, 1, cardinality(made.words)) || catalogue.search_html_end(made, given);
END
$function$;

-- The 32 words of a text that show most of what was found, the first of equals, and how many of them were.
CREATE FUNCTION catalogue.search_passage(
    given text, tag text, marks catalogue.search_marks, OUT found_words integer, OUT html text
)
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_words_of := catalogue.search_words_marked(given, tag, marks);
    start integer;
    finish integer;
BEGIN
    SELECT greatest(1, h.hit - 4), h.within INTO start, found_words
    FROM (
        SELECT hit, (SELECT count(*) FROM unnest(made.hits) AS o WHERE o BETWEEN hit AND hit + 27) AS within
        FROM unnest(made.hits) AS hit
    ) AS h
    ORDER BY h.within DESC, h.hit LIMIT 1;
    start := coalesce(start, 1);
    found_words := coalesce(found_words, 0);
    finish := least(start + 31, cardinality(made.words));
    html := catalogue.search_html(made, start, finish);
    IF finish = 0 THEN
        html := catalogue.search_escaped(left(given, 200));
    ELSIF finish = cardinality(made.words) THEN
        html := html || catalogue.search_html_end(made, given);
    END IF;
    html := CASE WHEN start > 1 THEN '… ' ELSE '' END || btrim(regexp_replace(html, '\s+', ' ', 'g'))
        || CASE WHEN finish < cardinality(made.words) THEN ' …' ELSE '' END;
END
$function$;
