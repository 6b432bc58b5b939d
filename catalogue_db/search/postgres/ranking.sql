-- Puts offerings in order: the same as catalogue_db/search/ranking.py, browsing.py and cursor.py.

-- An offering and what puts it where it stands. Without words, level is NULL and title stands for relevance.
-- words: of those asked for how many it has, where any of them will do, else 0.
CREATE TYPE catalogue.search_hit AS (
    key bigint, level integer, words integer, in_language boolean, relevance double precision, is_open boolean,
    changed_on text, offering_id text, title text
);

-- How much a group's rank counts: the more, the fewer of all offerings have it.
CREATE FUNCTION catalogue.search_telling(given catalogue.search_group, offerings bigint) RETURNS double precision
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    documents bigint;
BEGIN
    SELECT sum(f.documents) INTO documents FROM (
        SELECT min(coalesce(t.documents, 0)) AS documents
        FROM unnest(catalogue.search_forms(given)) AS form
        CROSS JOIN unnest(string_to_array(form, ' ')) AS each (term)
        LEFT JOIN catalogue.search_term t ON t.term = each.term
        GROUP BY form
    ) AS f;
    RETURN ln(1 + offerings::double precision / greatest(least(coalesce(documents, 0), offerings), 1));
END
$function$;

-- What relevance is measured with: for each group its weight and its terms, any of them.
CREATE FUNCTION catalogue.search_measures(
    groups catalogue.search_group[], offerings bigint, OUT weights double precision[], OUT queries tsquery[]
)
LANGUAGE plpgsql STABLE AS $function$
BEGIN
    SELECT array_agg(m.weight), array_agg(m.query) INTO weights, queries
    FROM (
        SELECT catalogue.search_telling(g, offerings) AS weight, catalogue.search_tsquery(ARRAY(
            SELECT DISTINCT unnest(string_to_array(form, ' ')) FROM unnest(catalogue.search_forms(g)) AS form
        )) AS query
        FROM unnest(groups) AS g
    ) AS m
    WHERE m.query IS NOT NULL;
END
$function$;

-- Rank some offerings of a rung. asked: how many words the query has, to tell titles that are just these.
CREATE FUNCTION catalogue.search_ranked(
    keys bigint[], of_level integer, of_words integer, asked integer, weights double precision[], queries tsquery[],
    in_language bit varying, open_now bit varying
) RETURNS SETOF catalogue.search_hit
LANGUAGE plpgsql STABLE AS $function$
BEGIN
    RETURN QUERY
        SELECT o.key, CASE WHEN of_level IN (7, 2) AND o.title_words = asked THEN of_level + 1 ELSE of_level END, of_words,
            get_bit(in_language, o.key::integer) = 1,
            round((
                SELECT sum(m.weight * ts_rank('{0.1,0.3,0.4,1.0}', v.words, m.query))
                FROM unnest(weights, queries) AS m (weight, query)
            )::numeric, 3)::double precision,
            get_bit(open_now, o.key::integer) = 1, o.changed_on, o.offering_id, NULL::text
        FROM unnest(keys) AS each (key)
        JOIN catalogue.search_offering o ON o.key = each.key
        JOIN catalogue.search_vector v ON v.key = each.key;
END
$function$;

-- The keys of at most so many of some offerings. If those are not all, it is the newest in the language of the person who
-- asks, then the newest of the others. Where title is not NULL they have the words in their titles: then what has just the
-- title that was typed comes first, and short titles before long ones, because they say most nearly what was asked for.
CREATE FUNCTION catalogue.search_taken(
    members bit varying, most integer, title text, in_language bit varying, chunks integer
) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    keys bigint[] := '{}';
    rest bit varying := members;
    chosen bit varying;
    step record;
BEGIN
    IF bit_count(members) <= most THEN
        RETURN catalogue.search_newest(members, most);
    END IF;
    FOR step IN
        SELECT * FROM (VALUES
            (1, true, NULL, false), (2, false, '3', true), (3, false, '6', true), (4, false, NULL, true),
            (5, false, '3', false), (6, false, '6', false), (7, false, NULL, false)
        ) AS s (number, is_typed, title_words, is_understood)
        WHERE title IS NOT NULL OR s.number IN (4, 7) ORDER BY s.number
    LOOP
        chosen := rest;
        IF step.is_typed THEN
            chosen := catalogue.search_just_titled(search_taken.title, rest, chunks);
            CONTINUE WHEN chosen IS NULL;
        END IF;
        IF step.title_words IS NOT NULL THEN
            chosen := chosen & catalogue.search_any_of('title_words', ARRAY[step.title_words], chunks);
        END IF;
        IF step.is_understood THEN
            chosen := chosen & in_language;
        END IF;
        keys := keys || catalogue.search_newest(chosen, most - cardinality(keys));
        EXIT WHEN cardinality(keys) = most;
        rest := rest # chosen;
    END LOOP;
    RETURN keys;
END
$function$;

-- Those among some offerings that have just a title (folded), the newest 300; NULL where there are none.
CREATE FUNCTION catalogue.search_just_titled(wanted text, among bit varying, chunks integer) RETURNS bit varying
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    keys bigint[] := ARRAY(
        SELECT o.key FROM catalogue.search_offering o WHERE o.title = wanted AND wanted <> ''
        ORDER BY o.key DESC LIMIT 300
    );
BEGIN
    RETURN CASE WHEN keys <> '{}' THEN catalogue.search_of(keys, chunks) & among END;
END
$function$;

-- A page of what is on a ladder and passes the filters: those after a place, or from an offset on.
-- At most 300 offerings are ranked, those of higher rungs first; a rung is only read when the page reaches it.
CREATE FUNCTION catalogue.search_by_rank(
    given catalogue.search_ladder, chosen bit varying, after catalogue.search_hit, page_limit integer,
    page_offset bigint, day date
) RETURNS SETOF catalogue.search_hit
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    asked integer := (SELECT sum(cardinality(g.surfaces)) FROM unnest(given.groups) AS g);
    open_now bit varying := catalogue.search_open_on(day, given.chunks);
    is_filtered boolean := bit_count(chosen) <> (SELECT sum(bit_count(rung)) FROM unnest(given.rungs) AS rung);
    still integer := 300;
    wanted integer := page_limit;
    skipped bigint := page_offset;
    size integer;
    returned integer;
    is_reached boolean;
    members bit varying;
    m record;
BEGIN
    SELECT * INTO m FROM catalogue.search_measures(given.groups, bit_count(given.live));
    FOR place IN 1 .. cardinality(given.levels) LOOP
        CONTINUE WHEN bit_count(given.rungs[place]) = 0;
        members := given.rungs[place];
        IF is_filtered THEN
            members := members & chosen;
        END IF;
        size := least(bit_count(members), still);
        still := still - size;
        is_reached := (after IS NULL AND skipped < size)
            OR (given.levels[place], given.words[place]) <= (after.level, after.words);
        IF size > 0 AND wanted > 0 AND is_reached THEN
            RETURN QUERY
                SELECT r.* FROM catalogue.search_ranked(
                    catalogue.search_taken(
                        members, size, CASE
                            WHEN given.levels[place] IN (6, 7) THEN given.title
                            WHEN given.levels[place] = 2 THEN given.meant_title
                        END, given.in_language, given.chunks
                    ),
                    given.levels[place], given.words[place], asked, m.weights, m.queries, given.in_language, open_now
                ) AS r
                WHERE after IS NULL OR catalogue.search_is_after(r, after)
                ORDER BY r.level DESC, r.in_language DESC, r.relevance DESC, r.is_open DESC,
                    r.changed_on COLLATE "C" DESC, r.offering_id COLLATE "C"
                LIMIT wanted OFFSET CASE WHEN after IS NULL THEN skipped ELSE 0 END;
            GET DIAGNOSTICS returned = ROW_COUNT;
            wanted := wanted - returned;
        END IF;
        skipped := greatest(skipped - size, 0);
    END LOOP;
END
$function$;

-- What puts a hit where it stands, as one number: first the level, last the relevance. 0 without words.
CREATE FUNCTION catalogue.search_score(
    level integer, words integer, in_language boolean, relevance double precision
) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $function$
BEGIN
    RETURN coalesce(level * 1000 + words * 2 + in_language::integer + relevance / (1 + relevance), 0);
END
$function$;

-- Whether a hit comes after a place in the order of ranks.
CREATE FUNCTION catalogue.search_is_after(hit catalogue.search_hit, place catalogue.search_hit) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $function$
BEGIN
    RETURN CASE
        WHEN hit.level <> place.level THEN hit.level < place.level
        WHEN hit.words <> place.words THEN hit.words < place.words
        WHEN hit.in_language <> place.in_language THEN place.in_language
        WHEN hit.relevance <> place.relevance THEN hit.relevance < place.relevance
        WHEN hit.is_open <> place.is_open THEN place.is_open
        WHEN hit.changed_on <> place.changed_on THEN hit.changed_on COLLATE "C" < place.changed_on COLLATE "C"
        ELSE hit.offering_id COLLATE "C" > place.offering_id COLLATE "C"
    END;
END
$function$;

-- A page of some offerings in the order of their titles: few are put in order by themselves; of more, the page is
-- sought along the index of titles.
CREATE FUNCTION catalogue.search_by_title(
    chosen bit varying, after catalogue.search_hit, page_limit integer, page_offset bigint
) RETURNS SETOF catalogue.search_hit
LANGUAGE plpgsql STABLE SET enable_sort = off AS $function$
DECLARE
    after_title text := coalesce(after.title, '');
    after_id text := coalesce(after.offering_id, '');
    skipped bigint := CASE WHEN after IS NULL THEN page_offset ELSE 0 END;
BEGIN
    IF skipped >= bit_count(chosen) THEN
        RETURN;
    END IF;
    IF bit_count(chosen) <= 2000 THEN
        RETURN QUERY
            SELECT o.key, NULL::integer, NULL::integer, NULL::boolean, 0::double precision, NULL::boolean,
                NULL::text, o.offering_id, o.title
            FROM unnest(catalogue.search_newest(chosen, 2000)) AS each (key)
            JOIN catalogue.search_offering o ON o.key = each.key
            WHERE (o.title, o.offering_id) > (after_title COLLATE "C", after_id COLLATE "C")
            ORDER BY o.title, o.offering_id LIMIT page_limit OFFSET skipped;
    ELSE
        RETURN QUERY
            SELECT o.key, NULL::integer, NULL::integer, NULL::boolean, 0::double precision, NULL::boolean,
                NULL::text, o.offering_id, o.title
            FROM catalogue.search_offering o
            WHERE (o.title, o.offering_id) > (after_title COLLATE "C", after_id COLLATE "C")
                AND o.key < length(chosen) AND get_bit(chosen, o.key::integer) = 1
            ORDER BY o.title, o.offering_id LIMIT page_limit OFFSET skipped;
    END IF;
END
$function$;

-- A cursor for what comes after a hit: opaque, the same on both databases.
CREATE FUNCTION catalogue.search_cursor(hit catalogue.search_hit) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $function$
DECLARE
    place jsonb := CASE WHEN hit.level IS NULL THEN jsonb_build_array('t', hit.title, hit.offering_id)
        ELSE jsonb_build_array(
            'r', hit.level, hit.words, hit.in_language, hit.relevance, hit.is_open, hit.changed_on, hit.offering_id
        ) END;
BEGIN
    RETURN translate(encode(convert_to(place::text, 'UTF8'), 'base64'), E'+/=\n', '-_');
END
$function$;

-- The place a cursor stands for; NULL for none, and for a text that is no cursor (the first page is shown then).
CREATE FUNCTION catalogue.search_place(page_cursor text) RETURNS catalogue.search_hit
LANGUAGE plpgsql IMMUTABLE STRICT AS $function$
DECLARE
    place jsonb;
    hit catalogue.search_hit;
BEGIN
    IF length(page_cursor) > 4000 OR page_cursor !~ '^[-_0-9A-Za-z]+$' THEN
        RETURN NULL;
    END IF;
    place := convert_from(decode(
        translate(page_cursor, '-_', '+/') || repeat('=', -length(page_cursor) & 3), 'base64'
    ), 'UTF8')::jsonb;
    IF place ->> 0 = 'r' THEN
        hit := ROW(
            NULL, (place ->> 1)::integer, (place ->> 2)::integer, (place ->> 3)::boolean,
            (place ->> 4)::double precision, (place ->> 5)::boolean, place ->> 6, place ->> 7, NULL
        );
        RETURN CASE WHEN num_nulls(
            hit.level, hit.words, hit.in_language, hit.relevance, hit.is_open, hit.changed_on, hit.offering_id
        ) = 0 THEN hit END;
    ELSIF place ->> 0 = 't' AND place ->> 1 IS NOT NULL AND place ->> 2 IS NOT NULL THEN
        hit := ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, place ->> 2, place ->> 1);
        RETURN hit;
    END IF;
    RETURN NULL;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$function$;
