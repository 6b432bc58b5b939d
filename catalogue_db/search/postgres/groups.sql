-- From a query's words to groups of forms that really occur: the same as catalogue_db/search/groups.py.

-- What stands for a word, or a phrase, of the query. A form is a term, or several with a blank between (a phrase).
-- surfaces: its folded words; own, others, slips: forms that occur, by how sure it is that they are meant;
-- begun: the beginning that was typed, if it may be one; meant: the word that a slip was made in, if any; quoted: it is
-- meant as it was typed; met: it occurs as it was typed, or goes on so.
CREATE TYPE catalogue.search_group AS (
    surfaces text[], own text[], others text[], slips text[], begun text, meant text, quoted boolean, met boolean
);

-- All forms of a group, each once.
CREATE FUNCTION catalogue.search_forms(given catalogue.search_group) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $function$
BEGIN
    RETURN ARRAY(SELECT DISTINCT form FROM unnest(given.own || given.others || given.slips) AS form);
END
$function$;

-- The first 16 ways to take one of each of several lists (of JSON), with blanks between; none where a list is empty.
CREATE FUNCTION catalogue.search_ways(lists jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    ways text[] := '{""}';
    list jsonb;
BEGIN
    FOR list IN SELECT value FROM jsonb_array_elements(lists) LOOP
        ways := ARRAY(
            SELECT ltrim(w.way || ' ' || t.term)
            FROM unnest(ways) WITH ORDINALITY AS w (way, number)
            CROSS JOIN jsonb_array_elements_text(list) WITH ORDINALITY AS t (term, number)
            ORDER BY w.number, t.number LIMIT 16
        );
    END LOOP;
    RETURN ways;
END
$function$;

-- The words of a phrase as each language has them, in order.
CREATE FUNCTION catalogue.search_phrases(several catalogue.search_asked[]) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    phrases text[] := '{}';
    language text;
BEGIN
    FOR language IN SELECT DISTINCT unnest(several[1].langs) ORDER BY 1 LOOP
        phrases := phrases || catalogue.search_ways((
            SELECT jsonb_agg((
                SELECT coalesce(jsonb_agg(p.term ORDER BY p.term COLLATE "C"), '[]')
                FROM unnest(s.langs, s.terms) AS p (lang, term) WHERE p.lang = language
            ) ORDER BY s.number)
            FROM unnest(several) WITH ORDINALITY AS s (
                wish, surface, surfaces, langs, terms, stem_langs, stems, met, number
            )
        ));
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT phrase FROM unnest(phrases) AS phrase);
END
$function$;

-- Words in a row as the table of synonyms would have them: language, and stems with blanks between.
CREATE FUNCTION catalogue.search_as_synonyms(several catalogue.search_asked[]) RETURNS TABLE (lang text, term text)
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    IF cardinality(several) = 1 THEN
        RETURN QUERY SELECT p.lang, p.stem FROM unnest(several[1].stem_langs, several[1].stems) AS p (lang, stem);
        RETURN;
    END IF;
    RETURN QUERY
        SELECT list.lang, unnest(catalogue.search_ways(jsonb_agg(list.stems ORDER BY list.number)))
        FROM (
            SELECT p.lang, s.number, jsonb_agg(p.stem ORDER BY p.stem COLLATE "C") AS stems
            FROM unnest(several) WITH ORDINALITY AS s (
                wish, surface, surfaces, langs, terms, stem_langs, stems, met, number
            )
            CROSS JOIN unnest(s.stem_langs, s.stems) AS p (lang, stem)
            GROUP BY p.lang, s.number
        ) AS list
        GROUP BY list.lang HAVING count(*) = cardinality(several);
END
$function$;

-- What else is said for words in a row, of which all words occur.
CREATE FUNCTION catalogue.search_synonyms(several catalogue.search_asked[]) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT y.other
        FROM catalogue.search_as_synonyms(several) AS p
        JOIN catalogue.search_synonym y ON y.lang = p.lang AND y.term = p.term
        WHERE NOT EXISTS (
            SELECT FROM unnest(string_to_array(y.other, ' ')) AS o (term)
            WHERE NOT EXISTS (SELECT FROM catalogue.search_term t WHERE t.term = o.term)
        )
    );
END
$function$;

-- Whether anything is said for some word and words after it.
CREATE FUNCTION catalogue.search_begins_synonym(word catalogue.search_asked) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN EXISTS (
        SELECT FROM unnest(word.stem_langs, word.stems) AS p (lang, stem)
        JOIN catalogue.search_synonym y ON y.lang = p.lang AND y.term > p.stem || ' ' AND y.term < p.stem || '!'
    );
END
$function$;

-- What is said for some wishes in a row (at most four) is said for each of them: one list of forms per wish.
-- (a or x) and (b or x) is (a and b) or x: so "artificial intelligence" finds what says "AI".
CREATE FUNCTION catalogue.search_said(asked catalogue.search_asked[], wishes integer) RETURNS jsonb[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    said jsonb[] := array_fill('[]'::jsonb, ARRAY[wishes]);
    several catalogue.search_asked[];
    forms jsonb;
BEGIN
    FOR start IN 1 .. wishes LOOP
        FOR finish IN start .. least(start + 3, wishes) LOOP
            several := catalogue.search_asked_between(asked, start, finish);
            CONTINUE WHEN several = '{}';
            EXIT WHEN cardinality(several) > 1 AND NOT catalogue.search_begins_synonym(several[1]);
            forms := to_jsonb(catalogue.search_synonyms(several));
            CONTINUE WHEN forms = '[]';
            FOR wish IN start .. finish LOOP
                said[wish] := said[wish] || forms;
            END LOOP;
        END LOOP;
    END LOOP;
    RETURN said;
END
$function$;

-- The words of some wishes in a row.
CREATE FUNCTION catalogue.search_asked_between(
    asked catalogue.search_asked[], start integer, finish integer
) RETURNS catalogue.search_asked[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    several catalogue.search_asked[] := '{}';
    word catalogue.search_asked;
BEGIN
    FOREACH word IN ARRAY asked LOOP
        IF word.wish BETWEEN start AND finish THEN
            several := several || word;
        END IF;
    END LOOP;
    RETURN several;
END
$function$;

-- For each wish the terms of what it makes with its neighbours, written as one, so far as that occurs: spread sheets,
-- child care; and of what the words of a wish make that was not quoted: Energie-Beratung. Neighbours have three letters
-- or more. Not those of one of the words itself: a stemmer may take the next one for an ending.
CREATE FUNCTION catalogue.search_joined(
    asked catalogue.search_asked[], wishes catalogue.search_wish[]
) RETURNS jsonb[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    joined jsonb[] := array_fill('[]'::jsonb, ARRAY[cardinality(wishes)]);
    own text[] := ARRAY(SELECT unnest(a.terms) FROM unnest(asked) AS a);
    several catalogue.search_asked[];
    surface text;
    before text := '';
    place_before integer;
    terms jsonb;
BEGIN
    FOR place IN 1 .. cardinality(wishes) LOOP
        several := catalogue.search_asked_between(asked, place, place);
        CONTINUE WHEN several = '{}';
        surface := CASE WHEN cardinality(several) = 1 THEN several[1].surface ELSE '' END;
        IF length(before) >= 3 AND length(surface) >= 3 THEN
            terms := to_jsonb(catalogue.search_written_as_one(ARRAY[before, surface], own));
            joined[place_before] := joined[place_before] || terms;
            joined[place] := joined[place] || terms;
        ELSIF cardinality(several) > 1 AND NOT wishes[place].quoted THEN
            joined[place] := to_jsonb(catalogue.search_written_as_one(
                ARRAY(SELECT s.surface FROM unnest(several) AS s), own
            ));
        END IF;
        before := surface;
        place_before := place;
    END LOOP;
    RETURN joined;
END
$function$;

-- The terms, but for some, of folded words written as one, so far as that occurs; of two also with the letters between
-- them that compounds have.
CREATE FUNCTION catalogue.search_written_as_one(several text[], others text[]) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    one text := left(array_to_string(several, ''), 64);
    terms text[] := (catalogue.search_word_asked(0, one, catalogue.search_respelt(one), one)).terms;
BEGIN
    IF cardinality(several) = 2 THEN
        terms := terms || ARRAY(
            SELECT v.term FROM catalogue.search_word v WHERE v.word = ANY (ARRAY(
                SELECT DISTINCT several[1] || link || several[2]
                FROM catalogue.search_links() AS k CROSS JOIN unnest(k.links) AS link
            ))
        );
    END IF;
    RETURN ARRAY(SELECT term FROM unnest(terms) AS term WHERE term <> ALL (others));
END
$function$;

-- The group of one wish. several: its words; as_one: terms of what it makes written as one; said: synonyms.
CREATE FUNCTION catalogue.search_group_of(
    several catalogue.search_asked[], wish catalogue.search_wish, as_one text[], said text[]
) RETURNS catalogue.search_group
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    surfaces text[] := ARRAY(SELECT s.surface FROM unnest(several) AS s);
    own text[];
    others text[] := catalogue.search_counted(as_one);
    beginning text := '';
BEGIN
    IF cardinality(several) > 1 THEN
        RETURN ROW(
            surfaces, catalogue.search_phrases(several), others || said, '{}'::text[], '', NULL, wish.quoted, true
        )::catalogue.search_group;
    END IF;
    own := catalogue.search_counted(several[1].terms);
    IF wish.begun AND length(surfaces[1]) >= 2 THEN
        beginning := surfaces[1];
        others := others || catalogue.search_begun(several[1].surfaces);
    END IF;
    others := others || catalogue.search_compounds(own, several[1]);
    others := ARRAY(SELECT other FROM unnest(others) AS other WHERE other <> ALL (own));
    RETURN ROW(
        surfaces, own, others || said, '{}'::text[], beginning, NULL, wish.quoted,
        several[1].met OR (beginning <> '' AND others <> '{}')
    )::catalogue.search_group;
END
$function$;

-- The wishes with every compound that occurs nowhere taken apart into words that do.
CREATE FUNCTION catalogue.search_with_parts(
    wishes catalogue.search_wish[], asked catalogue.search_asked[]
) RETURNS catalogue.search_wish[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    wish catalogue.search_wish;
    words catalogue.search_asked[];
    word catalogue.search_asked;
    several text[];
    parted catalogue.search_wish[] := '{}';
BEGIN
    FOR place IN 1 .. cardinality(wishes) LOOP
        wish := wishes[place];
        several := '{}';
        words := catalogue.search_asked_between(asked, place, place);
        IF cardinality(words) = 1 THEN
            word := words[1];
            IF word.terms = '{}' THEN
                several := catalogue.search_taken_apart(word.surface);
            END IF;
            IF several <> '{}' AND wish.begun AND catalogue.search_begun(word.surfaces) <> '{}' THEN
                several := '{}';
            END IF;
        END IF;
        parted := parted || CASE WHEN several = '{}' THEN ARRAY[wish] ELSE ARRAY(
            SELECT ROW(ARRAY[part], false, wish.unwanted, false)::catalogue.search_wish FROM unnest(several) AS part
        ) END;
    END LOOP;
    RETURN parted;
END
$function$;

-- One group for each wish; one whose words do not occur has no forms. Wishes without letters are left out.
CREATE FUNCTION catalogue.search_groups(given catalogue.search_wish[]) RETURNS catalogue.search_group[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    wishes catalogue.search_wish[] := given;
    asked catalogue.search_asked[] := catalogue.search_looked_up(given);
    said jsonb[];
    joined jsonb[];
    groups catalogue.search_group[] := '{}';
    several catalogue.search_asked[];
BEGIN
    IF EXISTS (SELECT FROM unnest(asked) AS a WHERE a.terms = '{}') THEN
        wishes := catalogue.search_with_parts(wishes, asked);
        IF cardinality(wishes) > cardinality(given) THEN
            asked := catalogue.search_looked_up(wishes);
        END IF;
    END IF;
    said := catalogue.search_said(asked, cardinality(wishes));
    joined := catalogue.search_joined(asked, wishes);
    FOR place IN 1 .. cardinality(wishes) LOOP
        several := catalogue.search_asked_between(asked, place, place);
        CONTINUE WHEN several = '{}';
        groups := groups || catalogue.search_group_of(
            several, wishes[place], ARRAY(SELECT jsonb_array_elements_text(joined[place])),
            ARRAY(SELECT jsonb_array_elements_text(said[place]))
        );
    END LOOP;
    RETURN groups;
END
$function$;

-- The words of a phrase that was not quoted, each for itself; any other group as it is.
CREATE FUNCTION catalogue.search_words_apart(given catalogue.search_group) RETURNS catalogue.search_group[]
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    IF cardinality(given.surfaces) = 1 OR given.quoted THEN
        RETURN ARRAY[given];
    END IF;
    RETURN catalogue.search_groups(ARRAY(
        SELECT ROW(ARRAY[surface], false, false, false)::catalogue.search_wish FROM unnest(given.surfaces) AS surface
    ));
END
$function$;

-- Whether a group is a single word, long enough to tell, that was not quoted.
CREATE FUNCTION catalogue.search_may_be_slip(given catalogue.search_group) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN cardinality(given.surfaces) = 1 AND length(given.surfaces[1]) >= 4 AND NOT given.quoted;
END
$function$;

-- Words that may have been meant, the most frequent first. A word that occurs as it was typed, or goes on so, is only taken
-- for a slip of one that occurs eight times as often, and never if it stands in a title, or in more than three offerings,
-- or holds sentences together; its language is kept.
CREATE FUNCTION catalogue.search_near(given catalogue.search_group) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    surface text := given.surfaces[1];
    weight integer := catalogue.search_weight(surface);
    near text[];
BEGIN
    IF weight > 1 OR (weight >= 0 AND EXISTS (
        SELECT FROM catalogue.search_term t WHERE t.term = ANY (given.own)
            AND (t.titles > 0 OR right(t.term, 1) = catalogue.search_letters('function word'))
    )) THEN
        RETURN '{}';
    END IF;
    near := catalogue.search_slips(surface, weight >= 0);
    IF NOT given.met THEN
        RETURN near;
    END IF;
    RETURN ARRAY(
        SELECT n.word FROM unnest(near) WITH ORDINALITY AS n (word, number)
        WHERE catalogue.search_weight(n.word) >= weight + 3 ORDER BY n.number
    );
END
$function$;

-- The group with what may have been meant, where it may be a slip.
CREATE FUNCTION catalogue.search_with_slips(given catalogue.search_group) RETURNS catalogue.search_group
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    near text[] := '{}';
    slipped catalogue.search_group := given;
BEGIN
    IF catalogue.search_may_be_slip(given) THEN
        near := catalogue.search_near(given);
    END IF;
    IF near = '{}' THEN
        RETURN given;
    END IF;
    slipped.slips := ARRAY(
        SELECT term FROM unnest(catalogue.search_counted(ARRAY(
            SELECT v.term FROM catalogue.search_word v WHERE v.word = ANY (near)
        ))) AS term
        WHERE term <> ALL (given.own || given.others)
    );
    IF slipped.slips <> '{}' THEN
        slipped.meant := near[1];
    END IF;
    RETURN slipped;
END
$function$;
