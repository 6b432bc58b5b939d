-- The filters of a search, as sets of offerings by name: the same as catalogue_db/search/filters.py.
-- Filters are a JSON object with the names of SearchQuery's fields. A value of a wrong type is as if it was not there,
-- or as text; only a name that does not exist is an error, because a filter that is silently left out misleads.

-- Filters that take a list of values, and the kind of bitmap of each.
CREATE FUNCTION catalogue.search_filter_kinds() RETURNS TABLE (filter text, kind text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $function$
VALUES ('levels', 'level'), ('modes', 'mode'), ('fields', 'field'), ('providers', 'provider'), ('trust', 'trust'),
    ('languages', 'language'), ('countries', 'country'), ('regions', 'region'), ('feeds', 'feed'),
    ('completeness', 'completeness'), ('stackable', 'stackable'), ('free', 'free')
$function$;

-- A value of a filter as text: numbers without needless digits, texts and truths as they are, else nothing.
CREATE FUNCTION catalogue.search_scalar(given jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN CASE jsonb_typeof(given)
        WHEN 'string' THEN given #>> '{}'
        WHEN 'boolean' THEN given #>> '{}'
        WHEN 'number' THEN trim_scale((given #>> '{}')::numeric)::text
    END;
END
$function$;

-- The values of a filter: a list, or a single one. Null, an object or an empty list ask for nothing: NULL or empty.
CREATE FUNCTION catalogue.search_values(given jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    IF jsonb_typeof(given) = 'array' THEN
        RETURN (
            SELECT array_agg(coalesce(catalogue.search_scalar(value), '')) FROM jsonb_array_elements(given)
            WHERE value <> 'null'
        );
    END IF;
    RETURN array_remove(ARRAY[catalogue.search_scalar(given)], NULL);
END
$function$;

-- A bound of credits; NULL where it is no number.
CREATE FUNCTION catalogue.search_number(given jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    number text := catalogue.search_scalar(given);
BEGIN
    RETURN CASE WHEN jsonb_typeof(given) = 'number' OR number ~ '^\s*[-+]?\d{1,20}(\.\d{1,20})?\s*$' THEN number::numeric END;
END
$function$;

-- The month of a day; otherwise, where it is none.
CREATE FUNCTION catalogue.search_month(given jsonb, otherwise text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $function$
DECLARE
    day text := catalogue.search_scalar(given);
BEGIN
    RETURN CASE WHEN day ~ '^\d{4}-\d{2}' THEN left(day, 7) ELSE otherwise END;
END
$function$;

-- The offerings in which one can enrol on a day: those of the blocks of time it lies in (catalogue_db/search/facts.py).
CREATE FUNCTION catalogue.search_open_on(day date, chunks integer) RETURNS bit varying
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN catalogue.search_any_of('open', ARRAY(
        SELECT left(to_char(day, 'YYYY-MM-DD'), letters) FROM unnest('{2,3,4,7,10}'::integer[]) AS letters
    ), chunks);
END
$function$;

-- Complain about a filter that does not exist.
CREATE FUNCTION catalogue.search_check_filters(filters jsonb) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $function$
DECLARE
    known text[] := ARRAY(SELECT filter FROM catalogue.search_filter_kinds())
        || '{min_ects,max_ects,start_from,start_to,enrolment_open}'::text[];
    unknown text;
BEGIN
    IF jsonb_typeof(filters) = 'object' THEN
        SELECT name INTO unknown FROM jsonb_object_keys(filters) AS name WHERE name <> ALL (known) ORDER BY 1 LIMIT 1;
        IF unknown IS NOT NULL THEN
            RAISE EXCEPTION 'There is no filter %.', quote_ident(left(unknown, 100))
                USING ERRCODE = 'invalid_parameter_value', HINT = 'Filters: ' || array_to_string(known, ', ') || '.';
        END IF;
    END IF;
END
$function$;

-- What each filter that is set lets pass. A filter's name is its facet's: 'level', 'mode', ...
CREATE FUNCTION catalogue.search_passing(filters jsonb, day date, chunks integer)
RETURNS TABLE (name text, members bit varying)
LANGUAGE plpgsql STABLE STRICT ROWS 5 AS $function$
DECLARE
    least_ects numeric := catalogue.search_number(filters -> 'min_ects');
    most_ects numeric := catalogue.search_number(filters -> 'max_ects');
    start_from text := catalogue.search_month(filters -> 'start_from', NULL);
    start_to text := catalogue.search_month(filters -> 'start_to', NULL);
    is_open text := catalogue.search_scalar(filters -> 'enrolment_open');
    is_open_now bit varying;
BEGIN
    IF jsonb_typeof(filters) <> 'object' OR filters = '{}' THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT k.kind, catalogue.search_any_of(k.kind, catalogue.search_values(filters -> k.filter), chunks)
        FROM catalogue.search_filter_kinds() AS k WHERE catalogue.search_values(filters -> k.filter) <> '{}';
    IF least_ects IS NOT NULL OR most_ects IS NOT NULL THEN
        RETURN QUERY SELECT 'ects', catalogue.search_any_of('credits', ARRAY(
            SELECT DISTINCT m.value FROM catalogue.search_bitmap m
            WHERE m.kind = 'credits' AND m.value::numeric >= coalesce(least_ects, '-Infinity')
                AND m.value::numeric <= coalesce(most_ects, 'Infinity')
        ), chunks);
    END IF;
    IF start_from IS NOT NULL OR start_to IS NOT NULL THEN
        RETURN QUERY SELECT 'start', catalogue.search_any_of('start', ARRAY(
            SELECT DISTINCT m.value FROM catalogue.search_bitmap m
            WHERE m.kind = 'start' AND m.value BETWEEN coalesce(start_from, '0000-01') AND coalesce(start_to, '9999-12')
        ), chunks);
    END IF;
    IF is_open IN ('true', 'false') THEN
        is_open_now := catalogue.search_open_on(day, chunks);
        IF is_open = 'false' THEN
            is_open_now := catalogue.search_any_of('open', '{told}', chunks) & ~is_open_now;
        END IF;
        RETURN QUERY SELECT 'enrolment_open', is_open_now;
    END IF;
END
$function$;
