-- Sets of offerings as bit strings: bit "key" (from the left, from 0) is on where the offering belongs to the set.
-- search_bitmap keeps them in chunks of 65,536; here the chunks are laid side by side, as many as there are of "live".

CREATE AGGREGATE catalogue.search_laid(bit varying) (SFUNC = bitcat, STYPE = bit varying);

-- The set of the offerings that have any of some values of a kind (where "beyond" is given: of values up to it).
CREATE FUNCTION catalogue.search_any_of(of_kind text, of_values text[], chunks integer) RETURNS bit varying
LANGUAGE plpgsql STABLE STRICT AS $function$
BEGIN
    RETURN coalesce((
        SELECT catalogue.search_laid(coalesce(b.bits, 0::bit(65536)) ORDER BY c.chunk)
        FROM generate_series(0, chunks - 1) AS c (chunk)
        LEFT JOIN (
            SELECT m.chunk, bit_or(m.bits) AS bits FROM catalogue.search_bitmap m
            WHERE m.kind = of_kind AND m.value = ANY (of_values) GROUP BY m.chunk
        ) AS b ON b.chunk = c.chunk
    ), B'');
END
$function$;

-- The set of some offerings, by their keys.
CREATE FUNCTION catalogue.search_of(keys bigint[], chunks integer) RETURNS bit varying
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN coalesce((
        SELECT ('x' || string_agg(repeat('0', 16 * w.gap::integer) || lpad(to_hex(w.bits), 16, '0'), '' ORDER BY w.word)
            || repeat('0', 16 * (chunks * 1024 - 1 - max(w.word))::integer))::bit varying
        FROM (
            SELECT g.word, g.bits, g.word - 1 - lag(g.word, 1, -1::bigint) OVER (ORDER BY g.word) AS gap
            FROM (
                SELECT key >> 6 AS word, bit_or(1::bigint << (63 - (key & 63)::integer)) AS bits
                FROM unnest(keys) AS key WHERE key >> 16 BETWEEN 0 AND chunks - 1 GROUP BY 1
            ) AS g
        ) AS w
    ), repeat('0', chunks * 65536)::bit varying);
END
$function$;

-- The keys of at most so many offerings of a set, the newest first. Passes over what is empty in large steps.
CREATE FUNCTION catalogue.search_newest(members bit varying, most integer) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    keys bigint[] := '{}';
    word bigint;
BEGIN
    FOR piece IN REVERSE length(members) / 1024 - 1 .. 0 LOOP
        CONTINUE WHEN bit_count(substring(members FROM piece * 1024 + 1 FOR 1024)) = 0;
        FOR place IN REVERSE piece * 32 + 31 .. piece * 32 LOOP
            word := substring(members FROM place * 32 + 1 FOR 32)::bit(32)::bigint;
            WHILE word <> 0 LOOP
                IF cardinality(keys) >= most THEN
                    RETURN keys;
                END IF;
                keys := array_append(keys, place::bigint * 32 + 31 - bit_count(((word & -word) - 1)::bit(32)));
                word := word & (word - 1);
            END LOOP;
        END LOOP;
    END LOOP;
    RETURN keys;
END
$function$;
