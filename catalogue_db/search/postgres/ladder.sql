-- How well offerings match, as levels: the same as catalogue_db/search/ladder.py.
-- 6 the title is just the words; 5 own forms of all words in the title; 4 any forms in the title; 3 own forms anywhere;
-- 2 any forms anywhere; 1 with slips; 0 some of the words. A rung holds the offerings of one level and of none above.

-- levels, words, rungs: side by side, the highest first; of the last level there is one rung for each number of words
-- (0 on all others). members: all that is on them. in_language: what has a title in the language of the person who
-- asks. meant: surface -> word, where a slip is told.
CREATE TYPE catalogue.search_ladder AS (
    matched text, is_exact boolean, chunks integer, live bit varying, in_language bit varying,
    groups catalogue.search_group[], levels integer[], words integer[], rungs bit varying[], members bit varying,
    meant jsonb
);

-- Whether a word tells offerings apart: not if more than a quarter of them have it.
CREATE FUNCTION catalogue.search_tells(members bit varying, among bit varying) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN bit_count(members & among) <= greatest(10, floor(bit_count(among) * 0.25));
END
$function$;

-- What has any of the words that tell offerings apart (or of all, if none does): at least one, two, three of them ...
-- A word must tell among all offerings, and among those in the language of the person who asks.
CREATE FUNCTION catalogue.search_some_words(
    groups catalogue.search_group[], live bit varying, in_language bit varying, chunks integer
) RETURNS bit varying[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    sets bit varying[] := '{}';
    telling bit varying[] := '{}';
    at_least bit varying[];
    members bit varying;
    asked catalogue.search_group;
BEGIN
    FOREACH asked IN ARRAY groups LOOP
        members := (catalogue.search_having(catalogue.search_forms(asked), false, live, chunks)).members;
        sets := sets || members;
        IF bit_count(members) > 0 AND catalogue.search_tells(members, live)
            AND catalogue.search_tells(members, in_language)
        THEN
            telling := telling || members;
        END IF;
    END LOOP;
    IF telling = '{}' THEN
        telling := sets;
    END IF;
    at_least := array_fill(live & ~live, ARRAY[cardinality(telling)]);
    FOREACH members IN ARRAY telling LOOP
        FOR number IN REVERSE cardinality(telling) .. 2 LOOP
            at_least[number] := at_least[number] | (at_least[number - 1] & members);
        END LOOP;
        at_least[1] := at_least[1] | members;
    END LOOP;
    RETURN at_least;
END
$function$;

-- One more rung, with what is on none above.
CREATE FUNCTION catalogue.search_lower(
    given catalogue.search_ladder, level integer, got catalogue.search_found, of_words integer DEFAULT 0
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql IMMUTABLE AS $function$
DECLARE
    lower catalogue.search_ladder := given;
BEGIN
    lower.levels := given.levels || level;
    lower.words := given.words || of_words;
    lower.rungs := given.rungs || (got.members & ~given.members);
    lower.members := given.members | got.members;
    lower.is_exact := given.is_exact AND got.is_exact;
    RETURN lower;
END
$function$;

-- The rungs below, for when hardly anything has all the words: words that may be meant; then any of the words.
CREATE FUNCTION catalogue.search_lowered(given catalogue.search_ladder) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    lowered catalogue.search_ladder := given;
    before bigint := bit_count(given.members);
    at_least bit varying[];
BEGIN
    lowered.groups := ARRAY(SELECT catalogue.search_with_slips(g) FROM unnest(given.groups) AS g);
    lowered := catalogue.search_lower(
        lowered, 1, catalogue.search_all_have(lowered.groups, false, false, given.live, given.chunks)
    );
    IF bit_count(lowered.members) > before THEN
        lowered.meant := coalesce((
            SELECT jsonb_object_agg(g.surfaces[1], g.meant) FROM unnest(lowered.groups) AS g WHERE g.meant IS NOT NULL
        ), '{}');
    END IF;
    IF bit_count(lowered.members) >= 10 OR cardinality(given.groups) = 1 THEN
        RETURN lowered;
    END IF;
    at_least := catalogue.search_some_words(lowered.groups, given.live, given.in_language, given.chunks);
    FOR number IN REVERSE cardinality(at_least) .. 1 LOOP
        lowered := catalogue.search_lower(lowered, 0, ROW(at_least[number], true)::catalogue.search_found, number);
    END LOOP;
    lowered.matched := 'any_words';
    RETURN lowered;
END
$function$;

-- The rungs of offerings that have all words in the title: their own forms, then also what else stands for them.
CREATE FUNCTION catalogue.search_title_ladder(
    groups catalogue.search_group[], lang text
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_ladder := catalogue.search_no_ladder(groups, lang);
BEGIN
    made := catalogue.search_lower(
        made, 5, catalogue.search_all_have(groups, true, true, made.live, made.chunks)
    );
    IF EXISTS (SELECT FROM unnest(groups) AS g WHERE g.others <> '{}') THEN
        made := catalogue.search_lower(
            made, 4, catalogue.search_all_have(groups, false, true, made.live, made.chunks)
        );
    END IF;
    RETURN made;
END
$function$;

-- A ladder without rungs.
CREATE FUNCTION catalogue.search_no_ladder(
    groups catalogue.search_group[], lang text
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    chunks integer := coalesce((SELECT max(m.chunk) + 1 FROM catalogue.search_bitmap m WHERE m.kind = 'live'), 0);
    live bit varying := catalogue.search_any_of('live', ARRAY[''], chunks);
    in_language bit varying := live & catalogue.search_any_of(
        'title_language', ARRAY[lower(split_part(lang, '-', 1))], chunks
    );
BEGIN
    RETURN ROW(
        'all_words', true, chunks, live, in_language, groups, '{}'::integer[], '{}'::integer[], '{}'::bit varying[],
        live & ~live, '{}'::jsonb
    )::catalogue.search_ladder;
END
$function$;

-- The offerings that some groups find, on rungs. Without groups there is one rung with all offerings.
-- with_titles: whether the rungs for titles are wanted; what is found is the same. lang: of the person who asks.
CREATE FUNCTION catalogue.search_ladder_of(
    groups catalogue.search_group[], with_titles boolean, lang text
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    with_others boolean := EXISTS (SELECT FROM unnest(groups) AS g WHERE g.others <> '{}');
    made catalogue.search_ladder;
BEGIN
    IF groups = '{}' THEN
        made := catalogue.search_no_ladder(groups, lang);
        made.matched := 'everything';
        RETURN catalogue.search_lower(made, 2, ROW(made.live, true)::catalogue.search_found);
    END IF;
    made := CASE WHEN with_titles THEN catalogue.search_title_ladder(groups, lang)
        ELSE catalogue.search_no_ladder(groups, lang) END;
    IF with_titles AND with_others THEN
        made := catalogue.search_lower(
            made, 3, catalogue.search_all_have(groups, true, false, made.live, made.chunks)
        );
    END IF;
    made := catalogue.search_lower(
        made, CASE WHEN with_others THEN 2 ELSE 3 END,
        catalogue.search_all_have(groups, false, false, made.live, made.chunks)
    );
    RETURN CASE WHEN bit_count(made.members) >= 10 THEN made ELSE catalogue.search_lowered(made) END;
END
$function$;
