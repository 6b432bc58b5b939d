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
-- A word must tell among all offerings, and among those in the language of the person who asks. sets: of each word.
CREATE FUNCTION catalogue.search_some_words(
    sets bit varying[], live bit varying, in_language bit varying
) RETURNS bit varying[]
LANGUAGE plpgsql IMMUTABLE STRICT AS $function$
DECLARE
    telling bit varying[] := '{}';
    at_least bit varying[];
    members bit varying;
BEGIN
    FOREACH members IN ARRAY sets LOOP
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

-- What groups find anywhere, side by side: with their own forms, and with any. found_all: what has some form of every
-- group. is_exact, phrased: whether all phrases were looked for everywhere; the groups that have phrases of common words.
CREATE TYPE catalogue.search_reach AS (
    own bit varying[], forms bit varying[], found_all bit varying, is_exact boolean, phrased integer[]
);

-- Phrases of common words are looked for last, among what has all other words.
CREATE FUNCTION catalogue.search_reach_of(
    groups catalogue.search_group[], live bit varying, chunks integer
) RETURNS catalogue.search_reach
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    own bit varying[] := '{}';
    forms bit varying[] := '{}';
    found_all bit varying := live;
    is_exact boolean := true;
    phrased integer[] := '{}';
    got catalogue.search_words_found;
    more catalogue.search_found;
BEGIN
    FOR place IN 1 .. cardinality(groups) LOOP
        got := catalogue.search_having(groups[place].own, false, chunks);
        own[place] := got.members;
        forms[place] := got.members;
        IF got.phrases <> '{}' THEN
            phrased := phrased || place;
        END IF;
        IF groups[place].others <> '{}' THEN
            got := catalogue.search_having(groups[place].others, false, chunks);
            forms[place] := own[place] | got.members;
            IF got.phrases <> '{}' THEN
                phrased := phrased || place;
            END IF;
        END IF;
        IF place <> ALL (phrased) THEN
            found_all := found_all & forms[place];
        END IF;
    END LOOP;
    FOR place IN 1 .. cardinality(groups) LOOP
        CONTINUE WHEN place <> ALL (phrased);
        more := catalogue.search_having_any(groups[place].own, found_all, chunks);
        own[place] := more.members;
        is_exact := is_exact AND more.is_exact;
        more := catalogue.search_having_any(groups[place].others, found_all, chunks);
        forms[place] := own[place] | more.members;
        is_exact := is_exact AND more.is_exact;
        found_all := found_all & forms[place];
    END LOOP;
    RETURN ROW(own, forms, found_all, is_exact, phrased)::catalogue.search_reach;
END
$function$;

-- The offerings that have all words in the title: their own forms; then any forms. own, forms: what each group finds
-- anywhere, if that is known.
CREATE FUNCTION catalogue.search_titled(
    groups catalogue.search_group[], own bit varying[], forms bit varying[], live bit varying, chunks integer
) RETURNS bit varying[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    own_in_title bit varying := live;
    all_in_title bit varying := live;
    mine bit varying;
BEGIN
    FOR place IN 1 .. cardinality(groups) LOOP
        mine := catalogue.search_titled_with(groups[place].own, coalesce(own[place], live), chunks);
        own_in_title := own_in_title & mine;
        IF groups[place].others <> '{}' THEN
            mine := mine | catalogue.search_titled_with(groups[place].others, coalesce(forms[place], live), chunks);
        END IF;
        all_in_title := all_in_title & mine;
        EXIT WHEN bit_count(all_in_title) = 0;
    END LOOP;
    RETURN ARRAY[own_in_title & all_in_title, all_in_title];
END
$function$;

-- The offerings that have any of some forms in the title. among: where phrases of common words are looked for.
CREATE FUNCTION catalogue.search_titled_with(
    forms text[], among bit varying, chunks integer
) RETURNS bit varying
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    got catalogue.search_words_found := catalogue.search_having(forms, true, chunks);
BEGIN
    IF got.phrases = '{}' THEN
        RETURN got.members;
    END IF;
    RETURN got.members | (catalogue.search_phrased(got.phrases, true, among, chunks)).members;
END
$function$;

-- A ladder of sets, the highest first: on each rung what is on none above. levels, words: of the rungs.
CREATE FUNCTION catalogue.search_on_rungs(
    given catalogue.search_ladder, levels integer[], words integer[], sets bit varying[]
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql IMMUTABLE STRICT AS $function$
DECLARE
    members bit varying := given.members;
    rungs bit varying[] := '{}';
    laid catalogue.search_ladder := given;
BEGIN
    FOR number IN 1 .. cardinality(sets) LOOP
        IF bit_count(sets[number]) = 0 THEN
            rungs[number] := sets[number];
        ELSE
            rungs[number] := sets[number] & ~members;
            members := members | sets[number];
        END IF;
    END LOOP;
    laid.levels := levels;
    laid.words := words;
    laid.rungs := rungs;
    laid.members := members;
    RETURN laid;
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
        'title_language', ARRAY[lower(split_part(lang, '-', 1) COLLATE "C")], chunks
    );
BEGIN
    RETURN ROW(
        'all_words', true, chunks, live, in_language, groups, '{}'::integer[], '{}'::integer[], '{}'::bit varying[],
        live # live, '{}'::jsonb
    )::catalogue.search_ladder;
END
$function$;

-- The rungs of offerings that have all words in the title.
CREATE FUNCTION catalogue.search_title_ladder(
    groups catalogue.search_group[], lang text
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_ladder := catalogue.search_no_ladder(groups, lang);
BEGIN
    RETURN catalogue.search_on_rungs(
        made, '{5,4}', '{0,0}', catalogue.search_titled(groups, '{}', '{}', made.live, made.chunks)
    );
END
$function$;

-- The offerings that some groups find, on rungs. Without groups there is one rung with all offerings.
-- with_titles: whether the rungs for titles are wanted; what is found is the same. lang: of the person who asks.
CREATE FUNCTION catalogue.search_ladder_of(
    groups catalogue.search_group[], with_titles boolean, lang text
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_ladder := catalogue.search_no_ladder(groups, lang);
    reach catalogue.search_reach;
    own_anywhere bit varying := made.live;
    sets bit varying[] := '{}';
    levels integer[] := '{}';
BEGIN
    IF groups = '{}' THEN
        made.matched := 'everything';
        RETURN catalogue.search_on_rungs(made, '{2}', '{0}', ARRAY[made.live]);
    END IF;
    reach := catalogue.search_reach_of(groups, made.live, made.chunks);
    IF with_titles THEN
        IF NOT EXISTS (SELECT FROM unnest(groups) AS g WHERE g.others <> '{}') THEN
            own_anywhere := reach.found_all;
        ELSE
            FOR place IN 1 .. cardinality(groups) LOOP
                own_anywhere := own_anywhere & reach.own[place];
            END LOOP;
        END IF;
        levels := '{5,4,3}';
        sets := catalogue.search_titled(groups, reach.own, reach.forms, made.live, made.chunks) || own_anywhere;
    END IF;
    levels := levels || 2;
    sets := sets || reach.found_all;
    made.is_exact := reach.is_exact;
    IF bit_count(reach.found_all) >= 10 THEN
        RETURN catalogue.search_on_rungs(made, levels, array_fill(0, ARRAY[cardinality(levels)]), sets);
    END IF;
    RETURN catalogue.search_lowered(made, reach, groups, levels, sets);
END
$function$;

-- A ladder with rungs below, for when hardly anything has all the words: words that may be meant; then any of the words.
-- levels, sets: of the rungs above.
CREATE FUNCTION catalogue.search_lowered(
    given catalogue.search_ladder, reach catalogue.search_reach, groups catalogue.search_group[], levels integer[],
    sets bit varying[]
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_ladder := given;
    slipped catalogue.search_group[] := ARRAY(SELECT catalogue.search_with_slips(g) FROM unnest(groups) AS g);
    having_any bit varying[] := '{}';
    with_slips bit varying := given.live;
    at_least bit varying[] := '{}';
    above integer := cardinality(levels);
    more catalogue.search_found;
BEGIN
    FOR place IN 1 .. cardinality(groups) LOOP
        having_any[place] := reach.forms[place];
        IF place = ANY (reach.phrased) AND cardinality(groups) > 1 THEN
            more := catalogue.search_having_any(catalogue.search_forms(groups[place]), given.live, given.chunks);
            having_any[place] := more.members;
            made.is_exact := made.is_exact AND more.is_exact;
        END IF;
        IF slipped[place].slips <> '{}' THEN
            having_any[place] := having_any[place]
                | (catalogue.search_having(slipped[place].slips, false, given.chunks)).members;
        END IF;
        with_slips := with_slips & having_any[place];
    END LOOP;
    made.groups := slipped;
    IF bit_count(with_slips & ~reach.found_all) > 0 THEN
        made.meant := coalesce((
            SELECT jsonb_object_agg(g.surfaces[1], g.meant) FROM unnest(slipped) AS g WHERE g.meant IS NOT NULL
        ), '{}');
    END IF;
    IF bit_count(with_slips | reach.found_all) < 10 AND cardinality(groups) > 1 THEN
        made.matched := 'any_words';
        at_least := catalogue.search_some_words(having_any, given.live, given.in_language);
    END IF;
    levels := levels || 1;
    sets := sets || with_slips;
    FOR number IN REVERSE cardinality(at_least) .. 1 LOOP
        levels := levels || 0;
        sets := sets || at_least[number];
    END LOOP;
    RETURN catalogue.search_on_rungs(
        made, levels, array_fill(0, ARRAY[above + 1]) || ARRAY(
            SELECT number FROM generate_series(cardinality(at_least), 1, -1) AS number
        ), sets
    );
END
$function$;
