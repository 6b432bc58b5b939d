-- What portals may call: schema portal. Query text and filters may be anything; the one error is a filter's name that
-- does not exist. All three read one state of the database, and run with the rights of its owner.

-- The text of a query with what may be meant in place of words that hardly anything has; NULL where there is nothing.
-- shown: titles and passages with words marked, which tell how it is spelt.
CREATE FUNCTION catalogue.search_corrected(query text, meant jsonb, shown text[]) RETURNS text
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    corrected text := '';
    rest text := left(query, 500);
    spellings jsonb := catalogue.search_spellings(ARRAY(
        SELECT m[1] FROM unnest(shown) WITH ORDINALITY AS s (html, number)
        CROSS JOIN LATERAL regexp_matches(s.html, '<mark>(.*?)</mark>', 'g') WITH ORDINALITY AS each (m, place)
        ORDER BY s.number, each.place
    ));
    pair text[];
    word text;
BEGIN
    FOR pair IN SELECT each FROM regexp_matches(rest, catalogue.search_letters('word and before'), 'g') AS each LOOP
        word := meant ->> array_to_string(catalogue.search_folded(pair[2]), '');
        corrected := corrected || pair[1]
            || CASE WHEN word IS NULL THEN pair[2] ELSE catalogue.search_spelt(word, pair[2], spellings) END;
        rest := substr(rest, length(pair[1]) + length(pair[2]) + 1);
    END LOOP;
    RETURN corrected || rest;
END
$function$;

-- Whether enrolment is open on a day, from what search_offering says of it; NULL where nothing is said.
CREATE FUNCTION catalogue.search_is_open(enrolment text, day text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN EXISTS (
        SELECT FROM jsonb_array_elements(enrolment::jsonb) AS span
        WHERE day >= coalesce(span ->> 0, day) AND day <= coalesce(span ->> 1, day)
    );
END
$function$;

CREATE FUNCTION portal.search_offerings(
    query text, lang text DEFAULT 'en', filters jsonb DEFAULT '{}', page_limit integer DEFAULT 20,
    page_offset integer DEFAULT 0, page_cursor text DEFAULT NULL
) RETURNS TABLE (
    "position" bigint, offering_id text, score double precision, level integer, title text, title_lang text,
    title_marked text, snippet text, provider text, provider_id text, country text, ects double precision,
    eqf_level integer, modes text, languages text, fields text, next_start text, enrolment_open boolean, homepage text,
    trust_status text, status text, total integer, total_is_exact boolean, did_you_mean text, next_cursor text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER {settings} AS $function$
DECLARE
    today text := to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD');
    wanted_lang text := coalesce(search_offerings.lang, 'en');
    answer catalogue.search_answer;
    marks catalogue.search_marks;
BEGIN
    PERFORM catalogue.search_check_filters(filters);
    answer := catalogue.search_page(
        coalesce(query, ''), wanted_lang, coalesce(filters, '{}'), coalesce(page_limit, 20), coalesce(page_offset, 0),
        page_cursor, true, today::date
    );
    marks := catalogue.search_to_mark(answer.terms, answer.beginnings, answer.words);
    RETURN QUERY
        WITH page AS MATERIALIZED (
            SELECT h.number, h.offering_id, h.level,
                catalogue.search_score(h.level, h.words, h.in_language, h.relevance) AS score,
                n.title, n.tag, catalogue.search_marked(n.title, n.tag, marks) AS title_marked,
                catalogue.search_snippet(s.texts, s.tags, marks) AS snippet,
                (catalogue.search_preferred(p.names::jsonb, ARRAY[wanted_lang])).text AS provider, p.organisation_id,
                o.country, o.ects, o.eqf_level, o.modes, o.languages, o.fields, i.next_start,
                catalogue.search_is_open(f.enrolment, today) AS enrolment_open, o.homepage, f.trust_status,
                CASE WHEN d.stale_since IS NOT NULL THEN 'stale' ELSE o.status END AS status
            FROM unnest(answer.hits) WITH ORDINALITY AS h (
                key, level, words, in_language, relevance, is_open, changed_on, offering_id, title, number
            )
            JOIN catalogue.offering o ON o.key = h.key
            JOIN catalogue.search_offering f ON f.key = h.key
            JOIN catalogue.feed d ON d.key = o.feed_key
            LEFT JOIN catalogue.organisation p ON p.key = o.provider_key
            CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(t.lang, t.text) AS titles FROM catalogue.offering_text t
                WHERE t.offering_key = h.key AND t.kind = 'title'
            ) AS every
            CROSS JOIN LATERAL catalogue.search_preferred(
                every.titles, ARRAY[wanted_lang, coalesce(o.title_lang, 'en')]
            ) AS n (tag, title)
            CROSS JOIN LATERAL (  -- texts in the language asked for first, then in the title's; descriptions before outcomes
                SELECT array_agg(t.text) AS texts, array_agg(t.lang) AS tags FROM (
                    SELECT t.text, t.lang FROM (
                        SELECT t.lang, t.text, CASE t.kind WHEN 'description' THEN 0 ELSE 1 END AS place, 0 AS number
                        FROM catalogue.offering_text t
                        WHERE t.offering_key = h.key AND t.kind IN ('description', 'prerequisites', 'assessment')
                        UNION ALL
                        SELECT t.lang, t.text, 2, t.position
                        FROM catalogue.learning_outcome t WHERE t.offering_key = h.key AND t.text <> ''
                    ) AS t
                    ORDER BY lower(split_part(t.lang, '-', 1) COLLATE "C") <> lower(split_part(wanted_lang, '-', 1) COLLATE "C"),
                        t.lang IS DISTINCT FROM n.tag, t.place, t.number
                ) AS t
            ) AS s
            CROSS JOIN LATERAL (
                SELECT min(i.start_date) AS next_start FROM catalogue.instance i
                WHERE i.offering_key = h.key AND i.start_date >= today AND i.status IS DISTINCT FROM 'cancelled'
            ) AS i
        )
        SELECT g.number + CASE WHEN page_cursor IS NULL THEN greatest(coalesce(page_offset, 0), 0) ELSE 0 END,
            g.offering_id, g.score, g.level, g.title, g.tag, g.title_marked, g.snippet, g.provider, g.organisation_id,
            g.country, g.ects, g.eqf_level, g.modes, g.languages, g.fields, g.next_start, g.enrolment_open, g.homepage,
            g.trust_status, g.status, answer.total, answer.total_is_exact,
            CASE WHEN answer.meant <> '{}' THEN (
                SELECT catalogue.search_corrected(query, answer.meant, array_agg(
                    concat_ws(' ', s.title_marked, s.snippet) ORDER BY s.number
                )) FROM page AS s
            ) END,
            answer.next_cursor
        FROM page AS g ORDER BY g.number;
END
$function$;

COMMENT ON FUNCTION portal.search_offerings IS
    'One page of a search: query as a person typed it, filters as a JSON object. See docs/search.md.';

CREATE FUNCTION portal.search_facets(query text, lang text DEFAULT 'en', filters jsonb DEFAULT '{}')
RETURNS TABLE (facet text, value text, label text, offerings bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER {settings} AS $function$
BEGIN
    PERFORM catalogue.search_check_filters(filters);
    RETURN QUERY SELECT * FROM catalogue.search_facets_page(
        coalesce(query, ''), coalesce(search_facets.lang, 'en'), coalesce(filters, '{}'), true,
        (now() AT TIME ZONE 'utc')::date
    );
END
$function$;

COMMENT ON FUNCTION portal.search_facets IS
    'How many offerings a search would find with each value of each facet; a facet ignores its own filter.';

CREATE FUNCTION portal.suggest(prefix text, lang text DEFAULT 'en', suggest_limit integer DEFAULT 10)
RETURNS TABLE (kind text, text text, value text, offerings bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER {settings} AS $function$
BEGIN
    RETURN QUERY SELECT * FROM catalogue.search_suggest(
        coalesce(prefix, ''), coalesce(suggest.lang, 'en'), coalesce(suggest_limit, 10)
    );
END
$function$;

COMMENT ON FUNCTION portal.suggest IS
    'What may be meant while somebody types: titles, providers, fields, words, each with its number of offerings.';
