-- How well offerings match, as levels: the same as catalogue_db/search/ladder.py.
-- 8 the title is just the words; 7 own forms of all words in the title; 6 any forms in the title; 5 own forms anywhere;
-- 4 any forms anywhere; 3 the title is just the words but for slips; 2 with slips in the title; 1 with slips anywhere;
-- 0 some of the words. A rung holds the offerings of one level and of none above (8 is a part of 7, 3 of 2).

-- levels, words, rungs: side by side, the highest first; of the last level there is one rung for each number of words
-- (0 on all others). members: all that is on them. in_language: what has a title in the language of the person who
-- asks. meant: surface -> word, where a slip is told. title, meant_title: the folded words that were asked for, and those
-- that may have been meant.
CREATE TYPE catalogue.search_ladder AS (
    matched text, is_exact boolean, chunks integer, live bit varying, in_language bit varying,
    groups catalogue.search_group[], levels integer[], words integer[], rungs bit varying[], members bit varying,
    meant jsonb, title text, meant_title text
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
    found_all bit varying;  -- NULL until something is known of it
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
            found_all := coalesce(found_all & forms[place], forms[place]);
        END IF;
    END LOOP;
    found_all := coalesce(found_all, live);
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
    own_in_title bit varying;
    all_in_title bit varying;
    mine bit varying;
    is_same boolean := true;  -- so far nobody has forms that are not their own
    more text[];
BEGIN
    FOR place IN 1 .. cardinality(groups) LOOP
        mine := catalogue.search_titled_with(groups[place].own, coalesce(own[place], live), chunks);
        more := groups[place].others || groups[place].slips;
        IF is_same AND more = '{}' THEN
            all_in_title := coalesce(all_in_title & mine, mine);
        ELSE
            own_in_title := CASE WHEN is_same THEN coalesce(all_in_title & mine, mine) ELSE own_in_title & mine END;
            is_same := false;
            IF more <> '{}' THEN
                mine := mine | catalogue.search_titled_with(more, coalesce(forms[place], live), chunks);
            END IF;
            all_in_title := coalesce(all_in_title & mine, mine);
        END IF;
        IF bit_count(all_in_title) = 0 THEN
            RETURN ARRAY[all_in_title, all_in_title];
        END IF;
    END LOOP;
    RETURN ARRAY[CASE WHEN is_same THEN all_in_title ELSE own_in_title END, all_in_title];
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

-- A ladder of sets, the highest first: on each rung what is on none above; one that would be empty has no bits at all.
-- levels, words: of the rungs. A set is as wide as all offerings, so every pass over one that can be saved is.
CREATE FUNCTION catalogue.search_on_rungs(
    given catalogue.search_ladder, levels integer[], words integer[], sets bit varying[]
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql IMMUTABLE STRICT AS $function$
DECLARE
    members bit varying;
    size integer := 0;
    wider bit varying;
    rungs bit varying[] := '{}';
    laid catalogue.search_ladder := given;
BEGIN
    FOR number IN 1 .. cardinality(sets) LOOP
        rungs[number] := B'';
        CONTINUE WHEN sets[number] = members OR bit_count(sets[number]) = 0;
        IF members IS NULL THEN
            rungs[number] := sets[number];
            members := sets[number];
            size := bit_count(members);
            CONTINUE;
        END IF;
        wider := members | sets[number];
        CONTINUE WHEN bit_count(wider) = size;
        rungs[number] := wider # members;
        members := wider;
        size := bit_count(members);
    END LOOP;
    laid.levels := levels;
    laid.words := words;
    laid.rungs := rungs;
    laid.members := coalesce(members, given.members);
    RETURN laid;
END
$function$;

-- A ladder without rungs.
CREATE FUNCTION catalogue.search_no_ladder(
    groups catalogue.search_group[], lang text, title text
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
        live # live, '{}'::jsonb, title, ''
    )::catalogue.search_ladder;
END
$function$;

-- The rungs of offerings that have all words in the title.
CREATE FUNCTION catalogue.search_title_ladder(
    groups catalogue.search_group[], lang text
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_ladder := catalogue.search_no_ladder(groups, lang, '');
BEGIN
    RETURN catalogue.search_on_rungs(
        made, '{7,6}', '{0,0}', catalogue.search_titled(groups, '{}', '{}', made.live, made.chunks)
    );
END
$function$;

-- The offerings that some groups find, on rungs. Without groups there is one rung with all offerings.
-- with_titles: whether the rungs for titles are wanted; what is found is the same. lang: of the person who asks.
-- title: the folded words of the query.
CREATE FUNCTION catalogue.search_ladder_of(
    groups catalogue.search_group[], with_titles boolean, lang text, title text
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_ladder := catalogue.search_no_ladder(groups, lang, title);
    reach catalogue.search_reach;
    own_anywhere bit varying;
    sets bit varying[] := '{}';
    levels integer[] := '{}';
BEGIN
    IF groups = '{}' THEN
        made.matched := 'everything';
        RETURN catalogue.search_on_rungs(made, '{4}', '{0}', ARRAY[made.live]);
    END IF;
    reach := catalogue.search_reach_of(groups, made.live, made.chunks);
    IF with_titles THEN
        IF NOT EXISTS (SELECT FROM unnest(groups) AS g WHERE g.others <> '{}') THEN
            own_anywhere := reach.found_all;
        ELSE
            FOR place IN 1 .. cardinality(groups) LOOP
                own_anywhere := coalesce(own_anywhere & reach.own[place], reach.own[place]);
            END LOOP;
        END IF;
        levels := '{7,6,5}';
        sets := catalogue.search_titled(groups, reach.own, reach.forms, made.live, made.chunks) || own_anywhere;
    END IF;
    levels := levels || 4;
    sets := sets || reach.found_all;
    made.is_exact := reach.is_exact;
    IF bit_count(reach.found_all) >= 10
        AND NOT EXISTS (SELECT FROM unnest(groups) AS g WHERE NOT g.met AND catalogue.search_may_be_slip(g))
    THEN
        RETURN catalogue.search_on_rungs(made, levels, array_fill(0, ARRAY[cardinality(levels)]), sets);
    END IF;
    RETURN catalogue.search_lowered(made, reach, levels, sets, lang, with_titles);
END
$function$;

-- The groups with what may have been meant. is_little: hardly anything was found, so that every word may be a slip, and
-- the words of phrases that were not quoted are asked for each by itself.
CREATE FUNCTION catalogue.search_slipped(
    groups catalogue.search_group[], is_little boolean
) RETURNS catalogue.search_group[]
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    slipped catalogue.search_group[] := '{}';
    several catalogue.search_group[];
    asked catalogue.search_group;
BEGIN
    FOREACH asked IN ARRAY groups LOOP
        several := CASE WHEN is_little THEN catalogue.search_words_apart(asked) ELSE ARRAY[asked] END;
        FOREACH asked IN ARRAY several LOOP
            slipped := slipped || CASE WHEN is_little OR NOT asked.met THEN catalogue.search_with_slips(asked)
                ELSE asked END;
        END LOOP;
    END LOOP;
    RETURN slipped;
END
$function$;

-- What groups with slips find: having_any: each of them; members: all of them, or what was found before.
CREATE TYPE catalogue.search_wider AS (having_any bit varying[], members bit varying, is_exact boolean);

CREATE FUNCTION catalogue.search_wider_reach(
    given catalogue.search_ladder, reach catalogue.search_reach, slipped catalogue.search_group[]
) RETURNS catalogue.search_wider
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    wider catalogue.search_wider := ROW('{}'::bit varying[], given.live, true);
    is_same boolean := cardinality(slipped) = cardinality(given.groups);
    more catalogue.search_found;
BEGIN
    FOR place IN 1 .. cardinality(slipped) LOOP
        IF NOT is_same OR (place = ANY (reach.phrased) AND cardinality(slipped) > 1) THEN
            more := catalogue.search_having_any(
                slipped[place].own || slipped[place].others, given.live, given.chunks
            );
            wider.having_any[place] := more.members;
            wider.is_exact := wider.is_exact AND more.is_exact;
        ELSE
            wider.having_any[place] := reach.forms[place];
        END IF;
        IF slipped[place].slips <> '{}' THEN
            wider.having_any[place] := wider.having_any[place]
                | (catalogue.search_having(slipped[place].slips, false, given.chunks)).members;
        END IF;
        wider.members := wider.members & wider.having_any[place];
    END LOOP;
    wider.members := wider.members | reach.found_all;
    RETURN wider;
END
$function$;

-- What may be meant, but not in place of an inflection that the language of the person who asks has of some word.
CREATE FUNCTION catalogue.search_told(
    meant jsonb, slipped catalogue.search_group[], lang text
) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    base text := lower(split_part(lang, '-', 1) COLLATE "C");
BEGIN
    RETURN meant - ARRAY(
        SELECT g.surfaces[1] FROM unnest(slipped) AS g WHERE NOT g.met AND EXISTS (
            SELECT FROM catalogue.search_word v WHERE v.term = ANY (g.own) AND v.lang = base
        )
    );
END
$function$;

-- Folded words with what may be meant in place of slips.
CREATE FUNCTION catalogue.search_with_meant(title text, meant jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    RETURN array_to_string(ARRAY(
        SELECT coalesce(meant ->> w.word, w.word)
        FROM unnest(string_to_array(title, ' ')) WITH ORDINALITY AS w (word, number) ORDER BY w.number
    ), ' ');
END
$function$;

-- A ladder with rungs below: words that may be meant; then, where that is too little, any of the words.
-- levels, sets: of the rungs above.
CREATE FUNCTION catalogue.search_lowered(
    given catalogue.search_ladder, reach catalogue.search_reach, levels integer[], sets bit varying[], lang text,
    with_titles boolean
) RETURNS catalogue.search_ladder
LANGUAGE plpgsql STABLE STRICT AS $function$
DECLARE
    made catalogue.search_ladder := given;
    is_little boolean := bit_count(reach.found_all) < 10;
    slipped catalogue.search_group[] := catalogue.search_slipped(given.groups, is_little);
    wider catalogue.search_wider := catalogue.search_wider_reach(given, reach, slipped);
    meant jsonb := '{}';
    at_least bit varying[] := '{}';
BEGIN
    made.groups := slipped;
    made.is_exact := given.is_exact AND wider.is_exact;
    IF bit_count(wider.members & ~reach.found_all) > 0 THEN
        meant := coalesce((
            SELECT jsonb_object_agg(g.surfaces[1], g.meant) FROM unnest(slipped) AS g WHERE g.meant IS NOT NULL
        ), '{}');
        made.meant := catalogue.search_told(meant, slipped, lang);
    END IF;
    IF with_titles THEN
        made.meant_title := catalogue.search_with_meant(given.title, meant);
        levels := levels || 2;
        sets := sets || (catalogue.search_titled(slipped, '{}', wider.having_any, given.live, given.chunks))[2];
    END IF;
    levels := levels || 1;
    sets := sets || wider.members;
    IF bit_count(wider.members | reach.found_all) < 10 AND cardinality(slipped) > 1 THEN
        made.matched := 'any_words';
        at_least := catalogue.search_some_words(wider.having_any, given.live, given.in_language);
    END IF;
    FOR number IN REVERSE cardinality(at_least) .. 1 LOOP
        sets := sets || at_least[number];
    END LOOP;
    RETURN catalogue.search_on_rungs(
        made, levels || array_fill(0, ARRAY[cardinality(at_least)]),
        array_fill(0, ARRAY[cardinality(levels)]) || ARRAY(
            SELECT number FROM generate_series(cardinality(at_least), 1, -1) AS number
        ), sets
    );
END
$function$;
