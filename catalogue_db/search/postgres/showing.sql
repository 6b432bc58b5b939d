-- What a page shows of texts: HTML in which everything is escaped but the <mark> around what was found.

CREATE FUNCTION catalogue.search_escaped(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(
    given, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#x27;');

-- What to mark: words (keys of a JSON object, the language they are found in before them) and beginnings of words;
-- needles: some of them is in each of these. asked: how many words were asked for. languages: those that are stemmed.
CREATE TYPE catalogue.search_marks AS (
    words jsonb, beginnings text[], needles text[], asked integer, languages text[]
);

-- All words that have one of some terms are marked.
CREATE FUNCTION catalogue.search_to_mark(terms text[], beginnings text[], asked integer) RETURNS catalogue.search_marks
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    marks catalogue.search_marks;
BEGIN
    SELECT coalesce(jsonb_object_agg(v.lang || ' ' || v.word, true), '{}'), beginnings,
        coalesce(array_agg(DISTINCT v.word), '{}') || beginnings, asked,
        ARRAY(SELECT l.lang FROM catalogue.search_language l)
    INTO marks
    FROM catalogue.search_word v WHERE v.term = ANY (terms);
    marks.needles := ARRAY(  -- of data, database and databases the first tells enough
        SELECT DISTINCT n FROM unnest(marks.needles) AS n
        WHERE NOT EXISTS (SELECT FROM unnest(marks.needles) AS o WHERE o <> n AND strpos(n, o) > 0)
    );
    RETURN marks;
END
$function$;

-- Pieces as their words are folded, one blank between. Folding may make blanks of signs: then each is folded by itself.
CREATE FUNCTION catalogue.search_plain_line(pieces text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    line text := array_to_string(pieces, ' ');
    plain text := catalogue.search_plain(line);
BEGIN
    IF octet_length(line) = length(line)
        OR length(plain) - length(replace(plain, ' ', '')) = greatest(cardinality(pieces) - 1, 0)
    THEN
        RETURN plain;
    END IF;
    RETURN array_to_string(ARRAY(
        SELECT replace(catalogue.search_plain(p.piece), ' ', '')
        FROM unnest(pieces) WITH ORDINALITY AS p (piece, n) ORDER BY p.n
    ), ' ');
END
$function$;

-- The pieces of a text, which is what stands between blanks, and the line of these pieces as their words are folded.
CREATE TYPE catalogue.search_read AS (pieces text[], line text);

CREATE FUNCTION catalogue.search_read_text(given text) RETURNS catalogue.search_read
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    even text := replace(given, E'\n', ' ');
    is_plain boolean := even !~ catalogue.search_letters('not plainly northern');
    made catalogue.search_read;
BEGIN
    IF NOT is_plain THEN
        even := regexp_replace(even, catalogue.search_letters('other blank'), ' ', 'g');
    END IF;
    made.pieces := string_to_array(even, ' ');
    IF even ^@ ' ' OR strpos(even, '  ') > 0 OR right(even, 1) = ' ' THEN
        made.pieces := array_remove(made.pieces, '');
        even := array_to_string(made.pieces, ' ');
    END IF;
    made.line := CASE WHEN is_plain THEN catalogue.search_northern(even) ELSE catalogue.search_plain_line(made.pieces) END;
    RETURN made;
END
$function$;

-- The places of the pieces that may have something to mark: quick, and never wrongly none. line: the pieces, folded.
CREATE FUNCTION catalogue.search_candidates(line text, marks catalogue.search_marks) RETURNS integer[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    found integer[] := '{}';
    needle text;
    parts text[];
    place integer;
BEGIN
    FOREACH needle IN ARRAY marks.needles LOOP
        IF strpos(line, needle) > 0 THEN
            parts := string_to_array(line, needle);
            place := 1;
            FOR number IN 1 .. cardinality(parts) - 1 LOOP
                place := place + length(parts[number]) - length(replace(parts[number], ' ', ''));
                found := found || place;
            END LOOP;
        END IF;
    END LOOP;
    RETURN CASE WHEN cardinality(found) > 1 THEN ARRAY(SELECT DISTINCT f FROM unnest(found) AS f ORDER BY f) ELSE found END;
END
$function$;

-- Whether a word is one to mark.
CREATE FUNCTION catalogue.search_is_found(word text, language text, marks catalogue.search_marks) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    folded text := lower(left(word, 64) COLLATE "C");
BEGIN
    IF octet_length(word) <> length(word) THEN
        FOREACH folded IN ARRAY catalogue.search_folded(word) LOOP
            IF marks.words ? (language || ' ' || folded) OR folded ^@ ANY (marks.beginnings) THEN
                RETURN true;
            END IF;
        END LOOP;
        RETURN false;
    END IF;
    RETURN marks.words ? (language || ' ' || folded) OR folded ^@ ANY (marks.beginnings);
END
$function$;

-- A piece of a text as HTML with its found words marked, and how many they are. Most pieces are a word with signs around.
CREATE FUNCTION catalogue.search_piece_marked(
    piece text, language text, marks catalogue.search_marks, OUT found_words integer, OUT html text
)
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    word text := btrim(piece, '.,;:!?()[]{}<>"''«»„“”‚‘’–-…/');
    place integer := strpos(piece, word);
    pair text[];
BEGIN
    found_words := 0;
    IF word <> '' AND word !~ catalogue.search_letters('no word') THEN
        IF catalogue.search_is_found(word, language, marks) THEN
            html := catalogue.search_escaped(left(piece, place - 1)) || '<mark>' || word || '</mark>'
                || catalogue.search_escaped(substr(piece, place + length(word)));
            found_words := 1;
        ELSE
            html := catalogue.search_escaped(piece);
        END IF;
        RETURN;
    END IF;
    html := '';
    FOR pair IN SELECT p FROM regexp_matches(piece, catalogue.search_letters('word and before'), 'g') AS p LOOP
        piece := substr(piece, 1 + length(pair[1]) + length(pair[2]));
        html := html || catalogue.search_escaped(pair[1]);
        IF catalogue.search_is_found(pair[2], language, marks) THEN
            html := html || '<mark>' || catalogue.search_escaped(pair[2]) || '</mark>';
            found_words := found_words + 1;
        ELSE
            html := html || catalogue.search_escaped(pair[2]);
        END IF;
    END LOOP;
    html := html || catalogue.search_escaped(piece);
END
$function$;

-- The language whose words are marked in a text with a tag; empty where its words are not stemmed.
CREATE FUNCTION catalogue.search_language_of(tag text, marks catalogue.search_marks) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $function$
DECLARE
    language text := lower(split_part(tag, '-', 1) COLLATE "C");
BEGIN
    RETURN CASE WHEN language = ANY (marks.languages) THEN language ELSE '' END;
END
$function$;

-- A whole text as HTML with its found words marked.
CREATE FUNCTION catalogue.search_marked(given text, tag text, marks catalogue.search_marks) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    pieces text[] := string_to_array(given, ' ');
    language text := catalogue.search_language_of(tag, marks);
    html text[] := string_to_array(catalogue.search_escaped(given), ' ');
    place integer;
BEGIN
    FOREACH place IN ARRAY catalogue.search_candidates(catalogue.search_plain_line(pieces), marks) LOOP
        html[place] := (catalogue.search_piece_marked(pieces[place], language, marks)).html;
    END LOOP;
    RETURN array_to_string(html, ' ');
END
$function$;

-- A piece as it is shown: a very long one is cut.
CREATE FUNCTION catalogue.search_piece_shown(piece text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN length(piece) > 400 THEN left(piece, 400) || '…' ELSE piece END;

-- Where the 32 pieces begin that show most of what was found, the first of equals, and how many words of them are found;
-- places: of the pieces that have such words, counts: how many each has.
CREATE FUNCTION catalogue.search_densest(places integer[], counts integer[], OUT start integer, OUT found_words integer)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    start := greatest(1, places[1] - 4);
    found_words := counts[1];
    IF cardinality(places) > 1 THEN
        SELECT greatest(1, h.place - 4), h.within INTO start, found_words
        FROM (
            SELECT p.place, (
                SELECT sum(o.found) FROM unnest(places, counts) AS o (place, found)
                WHERE o.place BETWEEN p.place AND p.place + 27
            ) AS within
            FROM unnest(places) AS p (place)
        ) AS h
        ORDER BY h.within DESC, h.place LIMIT 1;
    END IF;
END
$function$;

-- The best passage of some texts: the first with as many words as were asked for, or else the one with most; of texts in
-- which nothing is found, the beginning of the first. Most often the first has it; in the others candidates are looked
-- for all at once.
CREATE FUNCTION catalogue.search_snippet(texts text[], tags text[], marks catalogue.search_marks) RETURNS text
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    first catalogue.search_read := catalogue.search_read_text(left(texts[1], 20000));
    best record := catalogue.search_best_of(first, ARRAY[cardinality(first.pieces)], tags[1:1], marks);
    others catalogue.search_read := ROW('{}'::text[], '');
    other catalogue.search_read;
    ends integer[] := '{}';
    better record;
BEGIN
    IF best.found_words < marks.asked AND cardinality(texts) > 1 THEN
        FOR number IN 2 .. cardinality(texts) LOOP
            other := catalogue.search_read_text(left(texts[number], 20000));
            others.line := CASE WHEN others.pieces = '{}' THEN other.line
                WHEN other.pieces = '{}' THEN others.line ELSE others.line || ' ' || other.line END;
            others.pieces := others.pieces || other.pieces;
            ends := ends || cardinality(others.pieces);
        END LOOP;
        better := catalogue.search_best_of(others, ends, tags[2:], marks);
        IF better.found_words > best.found_words THEN
            best := better;
        END IF;
    END IF;
    RETURN coalesce(best.html, catalogue.search_passage_html(first.pieces, 1, '{}', '{}'));
END
$function$;

-- The best passage of some texts laid end to end, and how many words are found in it: NULL and 0 where none is.
-- ends: the last piece of each text; tags: their languages.
CREATE FUNCTION catalogue.search_best_of(
    given catalogue.search_read, ends integer[], tags text[], marks catalogue.search_marks, OUT html text,
    OUT found_words integer
)
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    pieces text[] := given.pieces;
    candidates integer[] := catalogue.search_candidates(given.line, marks);
    at integer := 1;
    before integer := 0;  -- the pieces of earlier texts
    language text;
    made record;
    places integer[];
    counts integer[];
    shown text[];
    best record;
BEGIN
    found_words := 0;
    FOR number IN 1 .. cardinality(ends) LOOP
        IF candidates[at] <= ends[number] THEN
            language := catalogue.search_language_of(tags[number], marks);
            places := '{}';
            counts := '{}';
            shown := '{}';
            WHILE candidates[at] <= ends[number] LOOP
                made := catalogue.search_piece_marked(
                    catalogue.search_piece_shown(pieces[candidates[at]]), language, marks
                );
                IF made.found_words > 0 THEN
                    places := places || candidates[at] - before;
                    counts := counts || made.found_words;
                    shown := shown || made.html;
                END IF;
                at := at + 1;
            END LOOP;
            best := catalogue.search_densest(places, counts);
            IF best.found_words > found_words THEN
                found_words := best.found_words;
                html := catalogue.search_passage_html(pieces[before + 1 : ends[number]], best.start, places, shown);
            END IF;
            EXIT WHEN found_words >= marks.asked;
        END IF;
        before := ends[number];
    END LOOP;
END
$function$;

-- 32 pieces of a text from one on, as HTML; for those at some places, what is shown.
CREATE FUNCTION catalogue.search_passage_html(pieces text[], start integer, places integer[], shown text[]) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    is_cut boolean := cardinality(pieces) > start + 31;
    line text;
    html text[];
BEGIN
    pieces := pieces[start : start + 31];
    line := array_to_string(pieces, ' ');
    IF length(line) > 400 THEN
        line := array_to_string(ARRAY(
            SELECT catalogue.search_piece_shown(p.piece) FROM unnest(pieces) WITH ORDINALITY AS p (piece, n) ORDER BY p.n
        ), ' ');
    END IF;
    html := string_to_array(catalogue.search_escaped(line), ' ');
    FOR number IN 1 .. cardinality(places) LOOP
        IF places[number] BETWEEN start AND start + 31 THEN
            html[places[number] - start + 1] := shown[number];
        END IF;
    END LOOP;
    RETURN CASE WHEN start > 1 THEN '… ' ELSE '' END || array_to_string(html, ' ') || CASE WHEN is_cut THEN ' …' ELSE '' END;
END
$function$;
