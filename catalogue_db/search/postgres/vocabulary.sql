-- What the vocabulary knows of words: the same as catalogue_db/search/attested.py, spelling.py and splitting.py.

-- A folded word of the query, in all spellings under which it may be known.
-- wish: number of the wish it belongs to; langs, terms: side by side, the terms that stand for it in the index;
-- stem_langs, stems: side by side, its stems in all languages of the index, whether they occur or not; met: whether it
-- occurs in one of its spellings as it is.
CREATE TYPE catalogue.search_asked AS (
    wish integer, surface text, surfaces text[], langs text[], terms text[], stem_langs text[], stems text[], met boolean
);

-- A folded word and what else it may stand for: German and Nordic letters as they are typed on other keyboards.
CREATE FUNCTION catalogue.search_respelt(surface text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    umlauts text := replace(replace(replace(surface, 'ae', 'a'), 'oe', 'o'), 'ue', 'u');
    respelt text[] := ARRAY[surface];
    other text;
BEGIN
    FOREACH other IN ARRAY ARRAY[umlauts, replace(surface, 'aa', 'a'), replace(umlauts, 'aa', 'a')] LOOP
        IF other <> ALL (respelt) THEN
            respelt := respelt || other;
        END IF;
    END LOOP;
    RETURN respelt;
END
$function$;

-- One stem for what Snowball leaves apart in Finnish: turvallisuus and turvallisuuden, oppiminen and oppimisen.
CREATE FUNCTION catalogue.search_finnish(word text, stem text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN CASE
        WHEN length(stem) < 5 THEN stem
        WHEN word LIKE '%inen' AND stem LIKE '%in' THEN left(stem, -1) || 's'
        ELSE regexp_replace(regexp_replace(stem, '([aeiouy][uy])[dt]$', '\1s'), '([uy])ks$', '\1s')
    END;
END
$function$;

-- The stem of a word in a language.
CREATE FUNCTION catalogue.search_stem(lang text, stemmer regdictionary, word text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    stem text := (ts_lexize(stemmer, word))[1];
BEGIN
    RETURN CASE WHEN lang = 'fi' THEN catalogue.search_finnish(word, stem) ELSE stem END;
END
$function$;

-- The languages whose words the index or the synonyms have, each with its stemmer.
CREATE FUNCTION catalogue.search_languages_met() RETURNS TABLE (lang text, stemmer regdictionary)
LANGUAGE plpgsql STABLE ROWS 10 AS $function$
BEGIN
    RETURN QUERY
        SELECT k.lang, k.stemmer FROM catalogue.search_stemmers() AS k
        WHERE EXISTS (SELECT FROM catalogue.search_language l WHERE l.lang = k.lang)
            OR EXISTS (SELECT FROM catalogue.search_synonym s WHERE s.lang = k.lang);
END
$function$;

-- The stems of a word of the query in the languages that are met, whether they occur or not. A word with accents
-- is also stemmed before it is folded (surface is NULL then): some languages write their endings with them.
CREATE FUNCTION catalogue.search_possible_stems(
    surfaces text[], typed text
) RETURNS TABLE (lang text, surface text, stem text)
LANGUAGE plpgsql STABLE STRICT ROWS 20 AS $function$
DECLARE
    accented text;
BEGIN
    RETURN QUERY
        SELECT l.lang, s, catalogue.search_stem(l.lang, l.stemmer, s)
        FROM catalogue.search_languages_met() AS l
        CROSS JOIN unnest(surfaces) AS s;
    IF octet_length(typed) <> length(typed) THEN
        accented := catalogue.search_replaced(left(typed, 64), 'case');
        RETURN QUERY
            SELECT l.lang, NULL::text, s
            FROM catalogue.search_languages_met() AS l
            CROSS JOIN unnest(catalogue.search_folded(catalogue.search_stem(l.lang, l.stemmer, accented))) AS s
            WHERE s <> '';
    END IF;
END
$function$;

-- One word of the query, looked up. Of a word that occurs in a language, the index knows the stem: the loader's stemmers
-- may be newer than this server's.
CREATE FUNCTION catalogue.search_word_asked(
    wish integer, surface text, surfaces text[], typed text
) RETURNS catalogue.search_asked
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    asked catalogue.search_asked;
    words text[];
    langs text[];
    terms text[];
    mark text := catalogue.search_letters('function word');
BEGIN
    asked.wish := wish;
    asked.surface := surface;
    asked.surfaces := surfaces;
    SELECT coalesce(array_agg(v.word), '{}'), coalesce(array_agg(v.lang), '{}'), coalesce(array_agg(v.term), '{}')
    INTO words, langs, terms
    FROM catalogue.search_word v WHERE v.word = ANY (surfaces);
    asked.met := words <> '{}';
    SELECT coalesce(array_agg(p.lang), '{}'), coalesce(array_agg(p.stem), '{}') INTO asked.stem_langs, asked.stems
    FROM (
        SELECT DISTINCT s.lang, coalesce((
            SELECT w.term FROM unnest(words, langs, terms) AS w (word, lang, term)
            WHERE w.word = s.surface AND w.lang = s.lang AND right(w.term, 1) <> mark
            ORDER BY w.term <> s.stem, w.term COLLATE "C" LIMIT 1
        ), s.stem) AS stem
        FROM catalogue.search_possible_stems(surfaces, typed) AS s
    ) AS p;
    SELECT coalesce(array_agg(p.lang), '{}'), coalesce(array_agg(p.term), '{}') INTO asked.langs, asked.terms
    FROM (
        SELECT w.lang, w.term FROM unnest(langs, terms) AS w (lang, term)
        UNION
        SELECT s.lang, s.stem FROM unnest(asked.stem_langs, asked.stems) AS s (lang, stem)
        WHERE EXISTS (SELECT FROM catalogue.search_word v WHERE v.term = s.stem AND v.lang = s.lang)
            AND NOT EXISTS (  -- in which it only holds sentences together: then the mark is behind its term
                SELECT FROM unnest(langs, terms) AS w (lang, term) WHERE w.lang = s.lang AND right(w.term, 1) = mark
            )
    ) AS p;
    RETURN asked;
END
$function$;

-- The words of wishes, each with the terms that stand for it: of the word as it occurs, and of its stems that occur.
CREATE FUNCTION catalogue.search_looked_up(wishes catalogue.search_wish[]) RETURNS catalogue.search_asked[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    looked_up catalogue.search_asked[] := '{}';
    word record;
BEGIN
    FOR word IN
        SELECT w.number::integer AS wish, f.surface, catalogue.search_respelt(f.surface) AS surfaces,
            CASE WHEN cardinality(e.folded) = 1 THEN t.word ELSE f.surface END AS typed
        FROM unnest(wishes) WITH ORDINALITY AS w (words, begun, unwanted, quoted, number)
        CROSS JOIN unnest(w.words) WITH ORDINALITY AS t (word, number)
        CROSS JOIN LATERAL (SELECT catalogue.search_folded(t.word) AS folded OFFSET 0) AS e
        CROSS JOIN unnest(e.folded) WITH ORDINALITY AS f (surface, number)
        ORDER BY w.number, t.number, f.number
    LOOP
        looked_up := looked_up || catalogue.search_word_asked(word.wish, word.surface, word.surfaces, word.typed);
    END LOOP;
    RETURN looked_up;
END
$function$;

-- Those of some terms that occur, the most frequent first.
CREATE FUNCTION catalogue.search_counted(terms text[]) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN ARRAY(
        SELECT t.term FROM catalogue.search_term t WHERE t.term = ANY (terms) ORDER BY t.documents DESC, t.term
    );
END
$function$;

-- The 20 most frequent words that begin so. Those that begin with two or three letters may be very many, so they are read
-- in the order of their weight (a word stands once for each of its languages and terms) unless too few are heavy.
CREATE FUNCTION catalogue.search_heaviest(beginning text) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    heaviest text[] := '{}';
BEGIN
    IF length(beginning) <= 3 THEN
        heaviest := ARRAY(
            SELECT h.word FROM (
                SELECT v.word, v.weight FROM catalogue.search_word v
                WHERE left(v.word, 2) = left(beginning, 2) AND starts_with(v.word, beginning) AND v.weight >= 4
                ORDER BY v.weight DESC, v.word LIMIT 60
            ) AS h
            GROUP BY h.word ORDER BY max(h.weight) DESC, h.word LIMIT 20
        );
    END IF;
    IF cardinality(heaviest) < 20 THEN
        heaviest := ARRAY(
            SELECT v.word FROM catalogue.search_word v
            WHERE v.word >= beginning AND v.word < beginning || chr(1114111)
            GROUP BY v.word ORDER BY max(v.weight) DESC, v.word LIMIT 20
        );
    END IF;
    RETURN heaviest;
END
$function$;

-- The terms of the most frequent words that begin so, rare ones as long as they add up to no more than 2,000 offerings.
CREATE FUNCTION catalogue.search_begun(beginnings text[]) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN ARRAY(
        WITH heaviest AS (
            SELECT DISTINCT v.term
            FROM unnest(beginnings) AS beginning
            CROSS JOIN unnest(catalogue.search_heaviest(beginning)) AS h (word)
            JOIN catalogue.search_word v ON v.word = h.word
        ), counted AS (
            SELECT t.term, t.documents, t.common,
                sum(CASE WHEN t.common THEN 0 ELSE t.documents END) OVER (ORDER BY t.documents DESC, t.term) AS rare
            FROM heaviest h JOIN catalogue.search_term t ON t.term = h.term
        )
        SELECT c.term FROM counted c WHERE c.common OR c.rare <= 2000 ORDER BY c.documents DESC, c.term
    );
END
$function$;

-- How much a word of a language counts for its being a compound: those of languages without compounds count against.
CREATE FUNCTION catalogue.search_balance(lang text, documents integer, linking text[]) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN lang = '' THEN 0 WHEN lang = ANY (linking) THEN documents ELSE -documents END;

-- The terms of the 20 most frequent compounds that begin so, with four letters or more behind; and of those that end
-- so, with three or more before. Whether the rest is a word that occurs does not matter.
CREATE FUNCTION catalogue.search_beginning_or_ending(several text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    linking text[] := ARRAY(SELECT k.lang FROM catalogue.search_links() AS k);
BEGIN
    RETURN QUERY
        SELECT v.term FROM unnest(several) AS asked
        JOIN catalogue.search_word v ON v.term >= asked AND v.term < asked || chr(1114111)
        WHERE length(v.term) >= length(asked) + 4
        GROUP BY v.term HAVING sum(catalogue.search_balance(v.lang, v.documents, linking)) > 0
        ORDER BY max(v.weight) DESC, v.term LIMIT 20;
    RETURN QUERY
        SELECT v.term FROM unnest(several) AS asked
        JOIN catalogue.search_word v
            ON v.backwards >= reverse(asked) AND v.backwards < reverse(asked) || chr(1114111)
        WHERE length(v.backwards) >= length(asked) + 3
        GROUP BY v.term HAVING sum(catalogue.search_balance(v.lang, v.documents, linking)) > 0
        ORDER BY max(v.weight) DESC, v.term LIMIT 20;
END
$function$;

-- The 20 most frequent compounds that have one of some terms as a part, or that begin or end as a word is spelt; rare
-- ones as long as they add up to no more than 2,000 offerings.
CREATE FUNCTION catalogue.search_compounds(own text[], word catalogue.search_asked) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    spelt text[] := ARRAY(
        SELECT surface FROM unnest(word.surfaces) AS surface WHERE length(surface) >= 4
        UNION
        SELECT s.stem FROM unnest(word.stem_langs, word.stems) AS s (lang, stem)
        WHERE length(s.stem) >= 4 AND s.lang IN (SELECT k.lang FROM catalogue.search_links() AS k)
    );
BEGIN
    RETURN ARRAY(
        WITH parted AS (
            SELECT t.term FROM (SELECT DISTINCT p.term FROM catalogue.search_part p WHERE p.part = ANY (own)) AS c
            JOIN catalogue.search_term t ON t.term = c.term
            ORDER BY t.documents DESC, t.term LIMIT 20
        ), either AS (
            SELECT p.term FROM parted p
            UNION
            SELECT b FROM catalogue.search_beginning_or_ending(spelt) AS b
        ), counted AS (
            SELECT t.term, t.documents, t.common,
                sum(CASE WHEN t.common THEN 0 ELSE t.documents END) OVER (ORDER BY t.documents DESC, t.term) AS rare
            FROM either e JOIN catalogue.search_term t ON t.term = e.term
            WHERE t.term <> ALL (own) ORDER BY t.documents DESC, t.term LIMIT 20
        )
        SELECT c.term FROM counted c WHERE c.common OR c.rare <= 2000 ORDER BY c.documents DESC, c.term
    );
END
$function$;

-- What a folded word becomes by one letter left out, put in or put for another, or by two neighbours swapped; letters
-- that are put in are of the scripts of the word. Nothing for a code; one of the two has five letters or more.
CREATE FUNCTION catalogue.search_near(word text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    letters text[];
BEGIN
    IF length(word) > 24 OR word ~ '[0-9]' THEN
        RETURN '{}';
    END IF;
    letters := ARRAY(
        SELECT letter FROM string_to_table(catalogue.search_letters('alphabets'), ' ') AS alphabet
        CROSS JOIN string_to_table(alphabet, NULL) AS letter
        WHERE translate(word, alphabet, '') <> word
    );
    RETURN ARRAY(
        WITH cut AS (
            SELECT left(word, place) AS head, substr(word, place + 1) AS tail FROM generate_series(0, length(word)) AS place
        ), changed AS (
            SELECT c.head || substr(c.tail, 2) AS other FROM cut c
            UNION ALL
            SELECT c.head || reverse(left(c.tail, 2)) || substr(c.tail, 3) FROM cut c
            UNION ALL
            SELECT c.head || letter || substr(c.tail, 2) FROM cut c CROSS JOIN unnest(letters) AS letter
            UNION ALL
            SELECT c.head || letter || c.tail FROM cut c CROSS JOIN unnest(letters) AS letter
        )
        SELECT DISTINCT c.other FROM changed c
        WHERE c.other <> word AND greatest(length(word), length(c.other)) >= 5
    );
END
$function$;

-- The five most frequent words that may be meant by a word with a slip in it. same_language: only words of a language
-- that the word itself is of.
CREATE FUNCTION catalogue.search_slips(surface text, same_language boolean) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN ARRAY(
        SELECT v.word FROM catalogue.search_word v WHERE v.word = ANY (catalogue.search_near(surface))
        GROUP BY v.word
        HAVING NOT same_language OR EXISTS (
            SELECT FROM catalogue.search_word o
            WHERE o.word = surface AND o.lang <> '' AND o.lang = ANY (array_agg(v.lang))
        )
        ORDER BY max(v.weight) DESC, v.word LIMIT 5
    );
END
$function$;

-- How frequent a word is, as its doublings; -1 if it does not occur.
CREATE FUNCTION catalogue.search_weight(surface text) RETURNS integer
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN coalesce((SELECT max(v.weight) FROM catalogue.search_word v WHERE v.word = surface), -1);
END
$function$;

-- The fewest words of one language, with the letters that link them, that a word is wholly made of; else none.
-- From its end: for every place, the best way to take the rest apart; the longest first word wins among equals.
CREATE FUNCTION catalogue.search_apart(surface text, occurring text[], links text[]) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    rest jsonb[] := array_fill(NULL::jsonb, ARRAY[length(surface) + 1]);
    piece text;
    link text;
    after jsonb;
BEGIN
    rest[length(surface) + 1] := '[]';
    FOR start IN REVERSE length(surface) - 3 .. 1 LOOP
        FOR finish IN REVERSE length(surface) + 1 .. start + 4 LOOP
            piece := substr(surface, start, finish - start);
            CONTINUE WHEN piece <> ALL (occurring);
            FOREACH link IN ARRAY
                CASE WHEN finish > length(surface) THEN ARRAY[''] ELSE array_prepend('', links) END
            LOOP
                CONTINUE WHEN substr(surface, finish, length(link)) <> link;
                after := rest[finish + length(link)];
                CONTINUE WHEN after IS NULL OR (link <> '' AND after = '[]');
                IF rest[start] IS NULL OR jsonb_array_length(after) + 1 < jsonb_array_length(rest[start]) THEN
                    rest[start] := jsonb_build_array(piece) || after;
                END IF;
            END LOOP;
        END LOOP;
    END LOOP;
    RETURN ARRAY(SELECT jsonb_array_elements_text(rest[1]) WHERE jsonb_array_length(rest[1]) > 1);
END
$function$;

-- A compound that occurs nowhere, taken apart into words that do: Wasserrecht asks for Wasser and Recht.
CREATE FUNCTION catalogue.search_taken_apart(surface text) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    pieces text[];
BEGIN
    IF length(surface) NOT BETWEEN 8 AND 48 THEN
        RETURN '{}';
    END IF;
    pieces := ARRAY(
        SELECT substr(surface, start, size)
        FROM generate_series(1, length(surface) - 3) AS start
        CROSS JOIN LATERAL generate_series(4, length(surface) - start + 1) AS size
        WHERE size < length(surface)
    );
    RETURN coalesce((
        SELECT a.several
        FROM (
            SELECT v.lang, array_agg(DISTINCT v.word) AS words
            FROM catalogue.search_word v WHERE v.word = ANY (pieces) GROUP BY v.lang
        ) AS o
        JOIN catalogue.search_links() AS k ON k.lang = o.lang
        CROSS JOIN LATERAL (SELECT catalogue.search_apart(surface, o.words, k.links) AS several OFFSET 0) AS a
        WHERE cardinality(a.several) > 0
        ORDER BY cardinality(a.several), o.lang COLLATE "C" LIMIT 1
    ), '{}');
END
$function$;
