-- Counts beside a search: the same as catalogue_db/search/facets.py. Each facet ignores its own filter.

-- The facets in their order; each is a kind of bitmap and the name of a filter. in_order: values in an order of their
-- own; the others come by their counts, the 100 greatest of them unless all are wanted.
CREATE FUNCTION catalogue.search_facet_kinds()
RETURNS TABLE (facet text, place integer, all_values boolean, in_order text[], vocabulary text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 13 AS $function$
VALUES
    ('level', 1, true, ARRAY(SELECT level::text FROM generate_series(0, 99) AS level), 'eqf'),
    ('ects', 2, true, '{under 2,2 to 5,5 to 10,10 to 30,30 and more}'::text[], NULL),
    ('field', 3, true, NULL, 'isced_f'),
    ('mode', 4, false, NULL, 'modes'),
    ('language', 5, false, NULL, 'languages'),
    ('provider', 6, false, NULL, NULL),
    ('trust', 7, false, NULL, NULL),
    ('start', 8, true, NULL, NULL),
    ('country', 9, false, NULL, 'countries'),
    ('region', 10, false, NULL, 'nuts'),
    ('free', 11, true, '{true,false}', NULL),
    ('stackable', 12, true, '{true,false}', NULL),
    ('completeness', 13, true, '{under 50,50 to 75,75 to 90,90 and more}', NULL)
$function$;

-- How many offerings of a set have each value of some kinds.
CREATE FUNCTION catalogue.search_counts(kinds text[], members bit varying)
RETURNS TABLE (kind text, value text, offerings bigint)
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    several bit varying[] := ARRAY(  -- cut into chunks once, not for every value anew
        SELECT substring(members FROM chunk * 65536 + 1 FOR 65536)
        FROM generate_series(0, length(members) / 65536 - 1) AS chunk ORDER BY chunk
    );
BEGIN
    RETURN QUERY
        SELECT c.kind, c.value, sum(c.offerings)::bigint
        FROM (
            SELECT m.kind, m.value, bit_count(m.bits & several[m.chunk + 1]) AS offerings
            FROM catalogue.search_bitmap m
            WHERE m.kind = ANY (kinds) AND m.chunk < cardinality(several)
            OFFSET 0
        ) AS c
        GROUP BY c.kind, c.value;
END
$function$;

-- The same for few offerings, from their facts.
CREATE FUNCTION catalogue.search_few_counts(kinds text[], keys bigint[])
RETURNS TABLE (kind text, value text, offerings bigint)
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN QUERY
        SELECT f.kind, f.value, count(*)
        FROM unnest(keys) AS each (key)
        JOIN catalogue.search_offering o ON o.key = each.key
        CROSS JOIN LATERAL (
            SELECT DISTINCT v.kind, v.value FROM (
                VALUES ('level', o.eqf_level::text), ('ects', o.ects_band), ('trust', o.trust_status),
                    ('country', o.country), ('free', CASE WHEN o.free THEN 'true' ELSE 'false' END),
                    ('stackable', CASE WHEN o.stackable THEN 'true' WHEN NOT o.stackable THEN 'false' END),
                    ('completeness', o.completeness_band)
                UNION ALL
                SELECT 'region', left(o.region, depth) FROM generate_series(2, length(o.region)) AS depth
                UNION ALL
                SELECT 'field', left(code, depth)
                FROM json_array_elements_text(o.fields::json) AS code, unnest('{2,3,4}'::integer[]) AS depth
                WHERE length(code) >= depth
                UNION ALL
                SELECT 'language', tag FROM json_array_elements_text(o.languages::json) AS lang,
                    unnest(ARRAY[lang, lower(split_part(lang, '-', 1) COLLATE "C")]) AS tag
                UNION ALL
                SELECT 'mode', mode FROM json_array_elements_text(o.modes::json) AS mode
                UNION ALL
                SELECT 'provider', provider FROM json_array_elements_text(o.providers::json) AS provider
                UNION ALL
                SELECT 'start', month FROM json_array_elements_text(o.start_months::json) AS month
            ) AS v (kind, value)
            WHERE v.value IS NOT NULL AND v.kind = ANY (kinds)
        ) AS f
        GROUP BY f.kind, f.value;
END
$function$;

-- The counts of some kinds among the members of a set, the cheaper way. Of few offerings all is counted from their facts.
-- Providers are by far the most values: they are, as long as there are fewer offerings than bitmaps of providers.
CREATE FUNCTION catalogue.search_counted_values(kinds text[], members bit varying)
RETURNS TABLE (kind text, value text, offerings bigint)
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    size bigint := bit_count(members);
    from_facts text[] := '{}';
BEGIN
    IF size <= 500 THEN
        from_facts := kinds;
    ELSIF size <= 10000 AND 'provider' = ANY (kinds)
        AND size < (SELECT count(*) FROM catalogue.search_bitmap m WHERE m.kind = 'provider')
    THEN
        from_facts := '{provider}';
    END IF;
    IF from_facts <> '{}' THEN
        RETURN QUERY SELECT * FROM catalogue.search_few_counts(from_facts, catalogue.search_keys(members));
    END IF;
    IF NOT kinds <@ from_facts THEN
        RETURN QUERY SELECT * FROM catalogue.search_counts(
            ARRAY(SELECT k FROM unnest(kinds) AS k WHERE k <> ALL (from_facts)), members
        );
    END IF;
END
$function$;

-- The facets of what some words find. found: without any filter; filters, day: as in search_passing.
CREATE FUNCTION catalogue.search_facets_of(found_all bit varying, filters jsonb, lang text, day date, chunks integer)
RETURNS TABLE (facet text, value text, label text, offerings bigint)
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    names text[];
    sets bit varying[];
    others bit varying;
    unfiltered text[];
    counted jsonb := '[]';
BEGIN
    SELECT coalesce(array_agg(p.name), '{}'), coalesce(array_agg(p.members), '{}') INTO names, sets
    FROM catalogue.search_passing(filters, day, chunks) AS p;
    unfiltered := ARRAY(
        SELECT k.facet FROM catalogue.search_facet_kinds() AS k WHERE k.facet <> ALL (names)
    );
    others := found_all;
    FOR place IN 1 .. cardinality(names) LOOP
        others := others & sets[place];
    END LOOP;
    RETURN QUERY SELECT * FROM catalogue.search_values_shown(unfiltered, others, lang, day);
    FOR filtered IN 1 .. cardinality(names) LOOP
        CONTINUE WHEN names[filtered] NOT IN (SELECT k.facet FROM catalogue.search_facet_kinds() AS k);
        others := found_all;
        FOR place IN 1 .. cardinality(names) LOOP
            IF place <> filtered THEN
                others := others & sets[place];
            END IF;
        END LOOP;
        RETURN QUERY SELECT * FROM catalogue.search_values_shown(names[filtered : filtered], others, lang, day);
    END LOOP;
END
$function$;

-- The values of some facets as they are shown: in their order, months from this one on, with names and labels.
CREATE FUNCTION catalogue.search_values_shown(kinds text[], members bit varying, lang text, day date)
RETURNS TABLE (facet text, value text, label text, offerings bigint)
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    wanted text := lower(split_part(lang, '-', 1) COLLATE "C");
BEGIN
    RETURN QUERY
        WITH ordered AS (
            SELECT c.kind, c.value, c.offerings, k.place, k.all_values, k.vocabulary, row_number() OVER (
                PARTITION BY c.kind
                ORDER BY CASE WHEN k.in_order IS NOT NULL THEN array_position(k.in_order, c.value) END,
                    CASE WHEN c.kind = 'start' THEN c.value END COLLATE "C", c.offerings DESC, c.value COLLATE "C"
            ) AS number
            FROM catalogue.search_counted_values(kinds, members) AS c
            JOIN catalogue.search_facet_kinds() AS k ON k.facet = c.kind
            WHERE c.offerings > 0
                AND (k.in_order IS NULL OR c.value = ANY (k.in_order))
                AND (c.kind <> 'start' OR c.value COLLATE "C" >= to_char(day, 'YYYY-MM') COLLATE "C")
        )
        SELECT o.kind, o.value,
            CASE WHEN o.kind = 'provider' THEN (
                SELECT (catalogue.search_preferred(g.names::jsonb, ARRAY[lang])).text
                FROM catalogue.organisation g WHERE g.organisation_id = o.value
            ) WHEN o.vocabulary IS NOT NULL THEN (
                SELECT t.label FROM catalogue.vocabulary_term t
                WHERE t.vocabulary = o.vocabulary AND t.code = o.value AND t.lang IN (wanted, 'en')
                ORDER BY t.lang = 'en' LIMIT 1
            ) END,
            o.offerings
        FROM ordered o WHERE o.all_values OR o.number <= 100 ORDER BY o.place, o.number;
END
$function$;
