-- What a page shows of texts: HTML in which everything is escaped but the <mark> around what was found.

CREATE FUNCTION catalogue.search_escaped(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(
    given, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#x27;');

-- What to mark: words (keys of a JSON object, the language they are found in before them) and beginnings of words;
-- needles: what is in all of these. asked: how many words were asked for.
CREATE TYPE catalogue.search_marks AS (words jsonb, beginnings text[], needles text[], asked integer);

-- All words that have one of some terms are marked.
CREATE FUNCTION catalogue.search_to_mark(terms text[], beginnings text[], asked integer) RETURNS catalogue.search_marks
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    marks catalogue.search_marks;
BEGIN
    SELECT coalesce(jsonb_object_agg(v.lang || ' ' || v.word, true), '{}'), beginnings,
        coalesce(array_agg(DISTINCT v.word), '{}') || beginnings, asked
    INTO marks
    FROM catalogue.search_word v WHERE v.term = ANY (terms);
    marks.needles := ARRAY(  -- of data, database and databases the first tells enough
        SELECT DISTINCT n FROM unnest(marks.needles) AS n
        WHERE NOT EXISTS (SELECT FROM unnest(marks.needles) AS o WHERE o <> n AND strpos(n, o) > 0)
    );
    RETURN marks;
END
$function$;

-- Whether a text may have something to mark: quick, and never wrongly no. Of a text with letters beyond ASCII, only what
-- has them between blanks is folded.
CREATE FUNCTION catalogue.search_may_have(given text, marks catalogue.search_marks) RETURNS boolean
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    plain text := left(given, 20000);
BEGIN
    IF octet_length(plain) = length(plain) THEN
        plain := lower(plain COLLATE "C");
    ELSE
        plain := lower(plain COLLATE "C") || ' ' || coalesce(catalogue.search_plain((
            SELECT string_agg(m.piece[1], ' ')
            FROM regexp_matches(plain, '[^ ]*[^\x01-\x7F][^ ]*', 'g') AS m (piece)
        )), '');
    END IF;
    RETURN EXISTS (SELECT FROM unnest(marks.needles) AS needle WHERE strpos(plain, needle) > 0);
END
$function$;

-- A text in words: what stands before each, the words, and the places of those to mark.
CREATE TYPE catalogue.search_words_of AS (before text[], words text[], hits integer[]);

-- Splitting twice is quicker than matching; only a text with accents that stand alone has to be matched.
CREATE FUNCTION catalogue.search_words_apart(given text) RETURNS catalogue.search_words_of
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_words_of := ROW('{}', '{}', '{}');
BEGIN
    IF given ~ catalogue.search_letters('accent') THEN
        SELECT coalesce(array_agg(m.pair[1] ORDER BY m.n), '{}'), coalesce(array_agg(m.pair[2] ORDER BY m.n), '{}')
        INTO made.before, made.words
        FROM regexp_matches(given, catalogue.search_letters('word and before'), 'g') WITH ORDINALITY AS m (pair, n);
    ELSE
        made.words := array_remove(regexp_split_to_array(given, catalogue.search_letters('no word')), '');
        made.before := (regexp_split_to_array(given, catalogue.search_letters('word')))[: cardinality(made.words)];
    END IF;
    RETURN made;
END
$function$;

-- What some words are when they are folded, all at once: by place the folded word. One may be folded to several (½ is 1
-- and 2), or to none.
CREATE FUNCTION catalogue.search_all_folded(words text[]) RETURNS TABLE (place bigint, folded text)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    joined text := array_to_string(words, ' ');
BEGIN
    IF joined ~ catalogue.search_letters('western') THEN
        RETURN QUERY
            SELECT w.n, left(w.word, 64)
            FROM unnest(string_to_array(catalogue.search_replaced(joined, 'western'), ' '))
                WITH ORDINALITY AS w (word, n);
    ELSE
        RETURN QUERY
            SELECT w.n, f FROM unnest(words) WITH ORDINALITY AS w (word, n)
            CROSS JOIN LATERAL unnest(catalogue.search_folded(w.word)) AS f;
    END IF;
END
$function$;

CREATE FUNCTION catalogue.search_words_marked(given text, tag text, marks catalogue.search_marks)
RETURNS catalogue.search_words_of
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    made catalogue.search_words_of := catalogue.search_words_apart(left(given, 20000));
    language text := coalesce(
        (SELECT l.lang FROM catalogue.search_language l WHERE l.lang = lower(split_part(tag, '-', 1))), ''
    ) || ' ';
    other_words text[];
    other_places bigint[];
BEGIN
    made.hits := ARRAY(
        SELECT w.n::integer
        FROM unnest(made.words) WITH ORDINALITY AS w (word, n)
        CROSS JOIN LATERAL (SELECT lower(w.word COLLATE "C") AS folded OFFSET 0) AS f
        WHERE octet_length(w.word) = length(w.word) AND (
            marks.words ? (language || left(f.folded, 64))
            OR f.folded ^@ ANY (marks.beginnings)
        )
        ORDER BY w.n
    );
    IF octet_length(given) = length(given) THEN
        RETURN made;
    END IF;
    SELECT array_agg(w.word ORDER BY w.n), array_agg(w.n ORDER BY w.n) INTO other_words, other_places
    FROM unnest(made.words) WITH ORDINALITY AS w (word, n)
    WHERE octet_length(w.word) <> length(w.word);
    made.hits := ARRAY(
        SELECT h FROM unnest(made.hits) AS h
        UNION
        SELECT other_places[f.place]::integer FROM catalogue.search_all_folded(other_words) AS f
        WHERE marks.words ? (language || f.folded)
            OR f.folded ^@ ANY (marks.beginnings)
        ORDER BY 1
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
BEGIN
    SELECT greatest(1, h.hit - 4), h.within INTO start, found_words
    FROM (
        SELECT hit, (SELECT count(*) FROM unnest(made.hits) AS o WHERE o BETWEEN hit AND hit + 27) AS within
        FROM unnest(made.hits) AS hit
    ) AS h
    ORDER BY h.within DESC, h.hit LIMIT 1;
    html := catalogue.search_passage_html(given, made, coalesce(start, 1));
    found_words := coalesce(found_words, 0);
END
$function$;

-- 32 words of a text from one on, as HTML with the found ones marked.
CREATE FUNCTION catalogue.search_passage_html(given text, made catalogue.search_words_of, start integer) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    finish integer := least(start + 31, cardinality(made.words));
    html text := catalogue.search_html(made, start, finish);
BEGIN
    IF finish = 0 THEN
        html := catalogue.search_escaped(left(given, 200));
    ELSIF finish = cardinality(made.words) THEN
        html := html || catalogue.search_html_end(made, given);
    END IF;
    RETURN CASE WHEN start > 1 THEN '… ' ELSE '' END || btrim(regexp_replace(html, '\s+', ' ', 'g'))
        || CASE WHEN finish < cardinality(made.words) THEN ' …' ELSE '' END;
END
$function$;

-- The first 32 words of a text in which nothing was found. Of a long text the beginning tells, if it has more words.
CREATE FUNCTION catalogue.search_beginning_html(given text) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_words_of := catalogue.search_words_apart(left(given, 320));
BEGIN
    IF cardinality(made.words) < 34 AND length(given) > 320 THEN
        made := catalogue.search_words_apart(left(given, 20000));
    END IF;
    RETURN catalogue.search_passage_html(given, made, 1);
END
$function$;
