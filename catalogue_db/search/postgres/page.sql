-- A whole search: what a page needs, for the SQL doors and for Python.

-- matched: all_words, any_words or everything. meant: surface -> word, where a slip is told. terms, beginnings: what to
-- mark in texts. words: how many were asked for.
CREATE TYPE catalogue.search_answer AS (
    total integer, total_is_exact boolean, matched text, meant jsonb, terms text[], beginnings text[],
    words integer, hits catalogue.search_hit[], next_cursor text
);

-- The ladder of a query's words, without what they exclude.
CREATE FUNCTION catalogue.search_asked_for(query text, lang text, last_begun boolean, with_titles boolean)
RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    wishes catalogue.search_wish[] := catalogue.search_parsed(query, last_begun);
    made catalogue.search_ladder;
    got catalogue.search_found;
    asked catalogue.search_group;
BEGIN
    -- what is a title as a whole excludes nothing: "Data -driven design" finds itself
    IF EXISTS (SELECT FROM unnest(wishes) AS w WHERE w.unwanted) AND EXISTS (
        SELECT FROM catalogue.search_offering s JOIN catalogue.offering o ON o.key = s.key
        WHERE s.title = catalogue.search_folded_line(left(query, 500))
            AND catalogue.search_plain(o.title) = catalogue.search_plain(btrim(left(query, 500)))
    ) THEN
        wishes := (ARRAY(
            SELECT ROW(w.words, w.begun, false, w.quoted)::catalogue.search_wish
            FROM unnest(wishes) WITH ORDINALITY AS w (words, begun, unwanted, quoted, number) ORDER BY w.number
        ))[1:24];
    END IF;
    made := catalogue.search_ladder_of(
        catalogue.search_groups(catalogue.search_of_kind(wishes, false)), with_titles, lang,
        catalogue.search_folded_line(left(query, 500))
    );
    IF EXISTS (SELECT FROM unnest(wishes) AS w WHERE w.unwanted) THEN
        FOREACH asked IN ARRAY catalogue.search_groups(catalogue.search_of_kind(wishes, true)) LOOP
            got := catalogue.search_having_any(asked.own, made.members, made.chunks);
            made.members := made.members & ~got.members;
            made.is_exact := made.is_exact AND got.is_exact;
        END LOOP;
    END IF;
    RETURN made;
END
$function$;

-- What passes all filters.
CREATE FUNCTION catalogue.search_chosen(
    members bit varying, filters jsonb, day date, chunks integer
) RETURNS bit varying
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    chosen bit varying := members;
    passing bit varying;
BEGIN
    FOR passing IN SELECT p.members FROM catalogue.search_passing(filters, day, chunks) AS p LOOP
        chosen := chosen & passing;
    END LOOP;
    RETURN chosen;
END
$function$;

-- One page. Totals are exact up to 10,000.
CREATE FUNCTION catalogue.search_page(
    query text, lang text, filters jsonb, page_limit integer, page_offset bigint, page_cursor text, last_begun boolean,
    day date
) RETURNS catalogue.search_answer
LANGUAGE plpgsql STABLE {settings} AS $function$
DECLARE
    made catalogue.search_ladder := catalogue.search_asked_for(query, lang, last_begun, true);
    chosen bit varying := catalogue.search_chosen(made.members, filters, day, made.chunks);
    after catalogue.search_hit := catalogue.search_place(page_cursor);
    most integer := least(greatest(page_limit, 0), 200);
    skipped bigint := greatest(page_offset, 0);
    answer catalogue.search_answer;
BEGIN
    IF (after.level IS NULL) <> (made.matched = 'everything') THEN
        after := NULL;  -- a place in another order
    END IF;
    answer.total := least(bit_count(chosen), 10000);
    answer.total_is_exact := made.is_exact AND bit_count(chosen) <= 10000;
    answer.matched := made.matched;
    answer.meant := made.meant;
    answer.terms := ARRAY(
        SELECT DISTINCT unnest(string_to_array(form, ' '))
        FROM unnest(made.groups) AS g CROSS JOIN unnest(g.own || g.others || g.slips) AS form
    );
    answer.words := coalesce((SELECT sum(cardinality(g.surfaces)) FROM unnest(made.groups) AS g), 0);
    answer.beginnings := ARRAY(SELECT g.begun FROM unnest(made.groups) AS g WHERE g.begun <> '');
    IF most = 0 THEN
        answer.hits := '{}';
    ELSIF made.matched = 'everything' THEN
        answer.hits := ARRAY(SELECT h FROM catalogue.search_by_title(chosen, after, most + 1, skipped) AS h);
    ELSE
        answer.hits := ARRAY(SELECT h FROM catalogue.search_by_rank(made, chosen, after, most + 1, skipped, day) AS h);
    END IF;
    IF cardinality(answer.hits) > most AND most > 0 THEN
        answer.hits := answer.hits[: most];
        answer.next_cursor := catalogue.search_cursor(answer.hits[most]);
    END IF;
    RETURN answer;
END
$function$;

-- The facets of a query, for both doors.
CREATE FUNCTION catalogue.search_facets_page(query text, lang text, filters jsonb, last_begun boolean, day date)
RETURNS TABLE (facet text, value text, label text, offerings bigint)
LANGUAGE plpgsql STABLE {settings} AS $function$
DECLARE
    made catalogue.search_ladder := catalogue.search_asked_for(query, lang, last_begun, false);
BEGIN
    RETURN QUERY SELECT * FROM catalogue.search_facets_of(made.members, filters, lang, day, made.chunks);
END
$function$;
