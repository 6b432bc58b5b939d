-- What may be meant while somebody types: the same as catalogue_db/search/suggesting.py.

CREATE TYPE catalogue.search_suggestion AS (kind text, text text, value text, offerings bigint, place bigint);

-- Whether a name may have the beginning of what was typed (folded): most names are told by their letters alone, which is
-- much faster than taking their words. An expression, so that it costs no call for each name.
CREATE FUNCTION catalogue.search_may_be_meant(name text, beginning text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN strpos(catalogue.search_northern(name), beginning) > 0 OR name ~ catalogue.search_letters('beyond northern');

-- Whether a name has what was typed (folded), from the beginning of one of its words on.
CREATE FUNCTION catalogue.search_is_meant(name text, typed text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN strpos(' ' || catalogue.search_folded_line(name), ' ' || typed) > 0;
END
$function$;

-- Keys of offerings: whose titles begin as typed, one of each title, of the first hundred those in the language of the
-- person who asks before others; then that have the words in the title.
CREATE FUNCTION catalogue.search_titles_meant(
    made catalogue.search_ladder, typed text, most integer
) RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    keys bigint[];
BEGIN
    keys := ARRAY(
        SELECT f.key FROM (
            SELECT min(o.key) AS key, o.title FROM catalogue.search_offering o
            WHERE o.title >= typed AND o.title < typed || chr(1114111)
            GROUP BY o.title ORDER BY o.title LIMIT 100
        ) AS f
        ORDER BY get_bit(made.in_language, f.key::integer) DESC, f.title LIMIT most
    );
    IF made.groups <> '{}' THEN
        FOR place IN 1 .. cardinality(made.rungs) LOOP
            keys := keys || catalogue.search_taken(
                made.rungs[place], least(bit_count(made.rungs[place]), most)::integer, '', made.in_language, made.chunks
            );
            EXIT WHEN cardinality(keys) >= 2 * most;
        END LOOP;
    END IF;
    RETURN keys;
END
$function$;

-- made: the ladder of the titles that have what was typed.
CREATE FUNCTION catalogue.search_title_suggestions(
    made catalogue.search_ladder, typed text, lang text, most integer
)
RETURNS SETOF catalogue.search_suggestion
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    beginning text := split_part(typed, ' ', 1);
    wanted text := search_title_suggestions.lang;
    base text := lower(split_part(wanted, '-', 1) COLLATE "C");
BEGIN
    RETURN QUERY
        WITH meant AS (
            SELECT k.key, min(k.number) AS number
            FROM unnest(catalogue.search_titles_meant(made, typed, most)) WITH ORDINALITY AS k (key, number)
            GROUP BY k.key
        ), shown AS (
            SELECT m.number, o.offering_id, o.title AS folded, coalesce(
                (SELECT t.text FROM catalogue.offering_text t
                    WHERE t.offering_key = m.key AND t.kind = 'title'
                        AND catalogue.search_may_be_meant(t.text, beginning)
                        AND catalogue.search_is_meant(t.text, typed)
                    ORDER BY lower(split_part(t.lang, '-', 1) COLLATE "C") <> base, t.lang COLLATE "C" LIMIT 1),
                (SELECT (catalogue.search_preferred(jsonb_object_agg(t.lang, t.text), ARRAY[wanted])).text
                    FROM catalogue.offering_text t WHERE t.offering_key = m.key AND t.kind = 'title')
            ) AS title
            FROM meant m JOIN catalogue.search_offering o ON o.key = m.key
        ), first AS (
            SELECT DISTINCT ON (s.title) s.title, s.offering_id, s.folded, s.number
            FROM shown s WHERE s.title IS NOT NULL ORDER BY s.title, s.number
        )
        SELECT 'title', f.title, f.offering_id,
            (SELECT count(*) FROM catalogue.search_offering o WHERE o.title = f.folded),
            row_number() OVER (ORDER BY f.number)
        FROM first f ORDER BY f.number LIMIT most;
END
$function$;

-- Providers one of whose names has what was typed, the one with most offerings first. Of very many, only those are
-- counted whose bitmaps are the largest.
CREATE FUNCTION catalogue.search_provider_suggestions(typed text, lang text, most integer)
RETURNS SETOF catalogue.search_suggestion
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    beginning text := split_part(typed, ' ', 1);
    meant text[] := ARRAY(
        SELECT g.organisation_id FROM catalogue.organisation g
        WHERE EXISTS (
            SELECT FROM json_each_text(g.names::json) AS n
            WHERE catalogue.search_may_be_meant(n.value, beginning) AND catalogue.search_is_meant(n.value, typed)
        )
    );
BEGIN
    IF cardinality(meant) > 100 THEN
        meant := ARRAY(
            SELECT m.value FROM catalogue.search_bitmap m WHERE m.kind = 'provider' AND m.value = ANY (meant)
            GROUP BY m.value ORDER BY sum(pg_column_size(m.bits)) DESC, m.value LIMIT 100
        );
    END IF;
    RETURN QUERY
        SELECT 'provider', (catalogue.search_preferred(g.names::jsonb, ARRAY[search_provider_suggestions.lang])).text,
            c.value, c.offerings, row_number() OVER (ORDER BY c.offerings DESC, c.value)
        FROM (
            SELECT m.value, sum(bit_count(m.bits))::bigint AS offerings
            FROM catalogue.search_bitmap m WHERE m.kind = 'provider' AND m.value = ANY (meant)
            GROUP BY m.value ORDER BY 2 DESC, 1 LIMIT most
        ) AS c
        JOIN catalogue.organisation g ON g.organisation_id = c.value
        WHERE c.offerings > 0
        ORDER BY 5;
END
$function$;

-- Fields of study whose label, in the language asked for or in English, has what was typed.
CREATE FUNCTION catalogue.search_field_suggestions(typed text, lang text, most integer)
RETURNS SETOF catalogue.search_suggestion
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    beginning text := split_part(typed, ' ', 1);
    base text := lower(split_part(lang, '-', 1) COLLATE "C");
BEGIN
    RETURN QUERY
        WITH meant AS (
            SELECT DISTINCT ON (t.code) t.code, t.label
            FROM catalogue.vocabulary_term t
            WHERE t.vocabulary = 'isced_f' AND t.lang IN (base, 'en')
                AND catalogue.search_may_be_meant(t.label, beginning) AND catalogue.search_is_meant(t.label, typed)
            ORDER BY t.code, t.lang <> base
        )
        SELECT 'field', m.label, m.code, c.offerings, row_number() OVER (ORDER BY c.offerings DESC, m.code COLLATE "C")
        FROM meant m
        CROSS JOIN LATERAL (SELECT catalogue.search_documents('field', m.code) AS offerings OFFSET 0) AS c
        WHERE c.offerings > 0
        ORDER BY 5 LIMIT most;
END
$function$;

-- How many offerings have a value of a kind.
CREATE FUNCTION catalogue.search_documents(of_kind text, of_value text) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN (
        SELECT sum(bit_count(m.bits)) FROM catalogue.search_bitmap m WHERE m.kind = of_kind AND m.value = of_value
    );
END
$function$;

-- Words as each first stands among some, not in capitals, by their folded words.
CREATE FUNCTION catalogue.search_spellings(several text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(array_to_string(catalogue.search_folded(s.word), ''), s.word
            ORDER BY s.number DESC), '{}')  -- of a name that comes again, the last counts
        FROM unnest(several) WITH ORDINALITY AS s (word, number) WHERE substr(s.word, 2) !~ '[A-Z]'
    );
END
$function$;

-- How a folded word is spelt, with a capital letter where one was typed. spellings: as above.
CREATE FUNCTION catalogue.search_spelt(word text, typed text, spellings jsonb) RETURNS text
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    spelt text := coalesce(spellings ->> word, word);
BEGIN
    RETURN CASE WHEN typed ~ '^[A-Z]' THEN upper(left(spelt, 1) COLLATE "C") ELSE lower(left(spelt, 1) COLLATE "C") END
        || substr(spelt, 2);
END
$function$;

-- How many offerings of a set have any of some terms that occur. Bitmaps of common ones are counted chunk by chunk; of
-- rare ones the few offerings are looked at. No set is made of either.
CREATE FUNCTION catalogue.search_together(terms text[], among bit varying, chunks integer) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    common integer := (SELECT count(*) FROM catalogue.search_term t WHERE t.term = ANY (terms) AND t.common);
    query tsquery;
    keys bigint[];
BEGIN
    IF common = cardinality(terms) THEN
        RETURN (
            SELECT coalesce(sum(bit_count(c.bits & substring(among FROM c.chunk * 65536 + 1 FOR 65536))), 0)
            FROM (
                SELECT m.chunk, bit_or(m.bits) AS bits FROM catalogue.search_bitmap m
                WHERE m.kind = 'word' AND m.value = ANY (terms) AND m.chunk < chunks GROUP BY m.chunk
            ) AS c
        );
    ELSIF common > 0 THEN
        RETURN bit_count(among & (catalogue.search_having(terms, false, chunks)).members);
    END IF;
    query := catalogue.search_tsquery(terms);
    keys := ARRAY(SELECT v.key FROM catalogue.search_vector v WHERE v.words @@ query);  -- first, or all keys are looked at
    RETURN (SELECT count(*) FROM unnest(keys) AS k WHERE k < length(among) AND get_bit(among, k::integer) = 1);
END
$function$;

-- The most frequent words that begin so, each with how many offerings have it (in some inflection; beside all other words
-- that were typed, if there are any). made: a ladder of all words; wishes: the same, and what is excluded.
CREATE FUNCTION catalogue.search_going_on(
    made catalogue.search_ladder, wishes catalogue.search_wish[], beginning text
) RETURNS TABLE (word text, documents bigint)
LANGUAGE plpgsql STABLE STRICT ROWS 20 AS $function$
DECLARE
    begun text[] := array_remove(catalogue.search_heaviest(beginning), beginning);
    unwanted catalogue.search_wish[] := catalogue.search_of_kind(wishes, true);
    members bit varying;
    others catalogue.search_group[];
    asked catalogue.search_group;
BEGIN
    others := trim_array(made.groups, 1) || trim_array(
        catalogue.search_words_apart(made.groups[cardinality(made.groups)]), 1
    );
    IF others = '{}' AND unwanted = '{}' THEN
        RETURN QUERY
            SELECT v.word, max(t.documents)::bigint
            FROM catalogue.search_word v JOIN catalogue.search_term t ON t.term = v.term
            WHERE v.word = ANY (begun) GROUP BY v.word;
        RETURN;
    END IF;
    members := (catalogue.search_reach_of(others, made.live, made.chunks)).found_all;
    FOREACH asked IN ARRAY catalogue.search_groups(unwanted) LOOP
        members := members & ~(catalogue.search_having_any(asked.own, members, made.chunks)).members;
    END LOOP;
    RETURN QUERY
        WITH standing AS (
            SELECT v.word, array_agg(DISTINCT v.term) AS terms FROM catalogue.search_word v
            WHERE v.word = ANY (begun) GROUP BY v.word
        ), counted AS MATERIALIZED (  -- inflections of one word are counted once
            SELECT d.terms, catalogue.search_together(d.terms, members, made.chunks) AS together
            FROM (SELECT DISTINCT s.terms FROM standing s) AS d
        )
        SELECT s.word, c.together FROM standing s JOIN counted c ON c.terms = s.terms;
END
$function$;

-- Words that go on as the last one begins, the most frequent first, behind what was typed before it: so far as offerings
-- have them together. They are spelt as in some titles, where they are there.
CREATE FUNCTION catalogue.search_word_suggestions(
    made catalogue.search_ladder, wishes catalogue.search_wish[], prefix text, typed text, titles text[], most integer
)
RETURNS SETOF catalogue.search_suggestion
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    beginning text := substring(typed FROM '[^ ]*$');
    asked text[] := catalogue.search_split(prefix);
    last text := asked[cardinality(asked)];
    before text;
    spellings jsonb;
BEGIN
    IF length(beginning) < 2 OR NOT EXISTS (SELECT FROM unnest(wishes) AS w WHERE w.begun) THEN
        RETURN;
    END IF;
    before := left(prefix, length(prefix) - strpos(reverse(prefix), reverse(last)) - length(last) + 1);
    spellings := catalogue.search_spellings(ARRAY(
        SELECT s.word FROM unnest(titles) WITH ORDINALITY AS t (title, number)
        CROSS JOIN LATERAL unnest(catalogue.search_split(t.title)) WITH ORDINALITY AS s (word, place)
        ORDER BY t.number, s.place
    ));
    RETURN QUERY
        SELECT 'word', s.text, s.text, s.documents, s.place
        FROM (
            SELECT before || catalogue.search_spelt(w.word, last, spellings) AS text, w.documents,
                row_number() OVER (ORDER BY w.documents DESC, w.word COLLATE "C") AS place
            FROM (
                SELECT g.word, g.documents FROM catalogue.search_going_on(made, wishes, beginning) AS g
                WHERE g.documents > 0 ORDER BY g.documents DESC, g.word COLLATE "C" LIMIT most
            ) AS w
        ) AS s
        ORDER BY s.place;
END
$function$;

-- At most so many in all. The kinds take turns, so that none keeps another away; they are given one after the other.
CREATE FUNCTION catalogue.search_suggest(prefix text, lang text, suggest_limit integer)
RETURNS TABLE (kind text, text text, value text, offerings bigint)
LANGUAGE plpgsql STABLE STRICT {settings} AS $function$
DECLARE
    most integer := least(greatest(suggest_limit, 0), 50);
    asked text := left(prefix, 500);
    typed text := catalogue.search_folded_line(asked);
    wishes catalogue.search_wish[];
    made catalogue.search_ladder;
BEGIN
    IF typed = '' OR most = 0 THEN
        RETURN;
    END IF;
    wishes := catalogue.search_parsed(asked, true);
    made := catalogue.search_title_ladder(catalogue.search_groups(catalogue.search_of_kind(wishes, false)), lang);
    RETURN QUERY
        WITH title AS MATERIALIZED (
            SELECT * FROM catalogue.search_title_suggestions(made, typed, lang, most)
        ), every AS (
            SELECT 1 AS turn, * FROM title
            UNION ALL
            SELECT 2, * FROM catalogue.search_provider_suggestions(typed, lang, most)
            UNION ALL
            SELECT 3, * FROM catalogue.search_field_suggestions(typed, lang, most)
            UNION ALL
            SELECT 4, * FROM catalogue.search_word_suggestions(
                made, wishes, asked, typed, ARRAY(SELECT n.text FROM title n ORDER BY n.place), most
            )
        ), taken AS (
            SELECT * FROM every e ORDER BY e.place, e.turn LIMIT most
        )
        SELECT t.kind, t.text, t.value, t.offerings FROM taken t ORDER BY t.turn, t.place;
END
$function$;
