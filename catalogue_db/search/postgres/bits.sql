-- Sets of offerings as bit strings: bit "key" (from the left, from 0) is on where the offering belongs to the set.
-- search_bitmap keeps them in chunks of 65,536; here the chunks are laid side by side, as many as there are of "live".

-- A set with as many empty places behind it as make it so wide (both in quarters of chunks).
CREATE FUNCTION catalogue.search_widened(members bit varying, width integer) RETURNS bit varying
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    quarter CONSTANT bit varying := 0::bit(16384);
    whole CONSTANT bit varying := 0::bit(65536);
BEGIN
    WHILE length(members) < width LOOP
        members := members || CASE WHEN width - length(members) < 65536 THEN quarter ELSE whole END;
    END LOOP;
    RETURN members;
END
$function$;

-- The set of the offerings that have any of some values of a kind (where "beyond" is given: of values up to it).
CREATE FUNCTION catalogue.search_any_of(of_kind text, of_values text[], chunks integer) RETURNS bit varying
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    laid bit varying := B'';
    part record;
BEGIN
    FOR part IN
        SELECT m.chunk, bit_or(m.bits) AS bits FROM catalogue.search_bitmap m
        WHERE m.kind = of_kind AND m.value = ANY (of_values) AND m.chunk < chunks GROUP BY m.chunk ORDER BY m.chunk
    LOOP
        IF length(laid) < part.chunk * 65536 THEN
            laid := catalogue.search_widened(laid, part.chunk * 65536);
        END IF;
        laid := laid || part.bits;
    END LOOP;
    RETURN catalogue.search_widened(laid, chunks * 65536);
END
$function$;

-- 16,384 offerings of which some are in a set: by their place among these, and 1.
DO $do$
BEGIN
    EXECUTE format(
        'CREATE AGGREGATE catalogue.search_these(integer, integer) (SFUNC = set_bit, STYPE = bit, INITCOND = %L)',
        repeat('0', 16384)
    );
END
$do$;

-- The set of some offerings, by their keys.
CREATE FUNCTION catalogue.search_of(keys bigint[], chunks integer) RETURNS bit varying
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    laid bit varying := B'';
    part record;
BEGIN
    FOR part IN
        SELECT (key >> 14)::integer AS number, catalogue.search_these((key & 16383)::integer, 1) AS bits
        FROM unnest(keys) AS key WHERE key BETWEEN 0 AND chunks * 65536 - 1 GROUP BY 1 ORDER BY 1
    LOOP
        IF length(laid) < part.number * 16384 THEN
            laid := catalogue.search_widened(laid, part.number * 16384);
        END IF;
        laid := laid || part.bits;
    END LOOP;
    RETURN catalogue.search_widened(laid, chunks * 65536);
END
$function$;

-- The keys of at most so many offerings of a set, the newest first. Passes over what is empty in large steps.
CREATE FUNCTION catalogue.search_newest(members bit varying, most integer) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    keys bigint[] := '{}';
    enough integer := least(bit_count(members), most);
    word bigint;
BEGIN
    IF enough <= 0 THEN
        RETURN keys;
    END IF;
    FOR piece IN REVERSE length(members) / 1024 - 1 .. 0 LOOP
        CONTINUE WHEN bit_count(substring(members FROM piece * 1024 + 1 FOR 1024)) = 0;
        FOR part IN REVERSE piece * 8 + 7 .. piece * 8 LOOP
            CONTINUE WHEN bit_count(substring(members FROM part * 128 + 1 FOR 128)) = 0;
            FOR place IN REVERSE part * 4 + 3 .. part * 4 LOOP
                word := substring(members FROM place * 32 + 1 FOR 32)::bit(32)::bigint;
                WHILE word <> 0 LOOP
                    keys := array_append(keys, place::bigint * 32 + 31 - bit_count(((word & -word) - 1)::bit(32)));
                    IF cardinality(keys) = enough THEN
                        RETURN keys;
                    END IF;
                    word := word & (word - 1);
                END LOOP;
            END LOOP;
        END LOOP;
    END LOOP;
    RETURN keys;
END
$function$;

-- The keys of all offerings of a set, for sets that are not too large.
CREATE FUNCTION catalogue.search_keys(members bit varying) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN ARRAY(
        SELECT sum(length(s.gap) + 1) OVER (ORDER BY s.number) - 1
        FROM string_to_table(members::text, '1') WITH ORDINALITY AS s (gap, number)
        ORDER BY s.number LIMIT bit_count(members)  -- behind the last one stands another gap
    );
END
$function$;
