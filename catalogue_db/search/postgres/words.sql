-- Words as the index has them: the same as catalogue_db/search/words.py, in any locale of the database.
-- search_letters(name) gives patterns and tables of letters; it is made from Python's Unicode (characters.py).

-- The words of a text as they stand: letters and digits, C++ and C#; accents that stand alone belong to their letter.
CREATE FUNCTION catalogue.search_split(given text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    IF octet_length(given) = length(given) THEN
        RETURN ARRAY(SELECT each[1] FROM regexp_matches(given, '[A-Za-z](?:\+\+|#)|[0-9A-Za-z]+', 'g') AS each);
    END IF;
    RETURN ARRAY(
        SELECT each[1] FROM regexp_matches(given, catalogue.search_letters('word with accents'), 'g') AS each
    );
END
$function$;

-- Letters replaced by others, with a table of letters: 'western' and 'latin' (lower case without accents, for letters
-- that are taken apart first; the smaller the table, the faster) or 'case' (lower case). The tables are asked for by
-- names that stand here, because they are read anew at every turn where the name has to be put together.
CREATE FUNCTION catalogue.search_replaced(given text, tables text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    replaced text := given;
    several text[];
    become text[];
BEGIN
    IF replaced ~ (CASE tables
        WHEN 'western' THEN catalogue.search_letters('western several')
        WHEN 'latin' THEN catalogue.search_letters('latin several')
        ELSE catalogue.search_letters('case several')
    END) THEN
        several := string_to_array(CASE tables
            WHEN 'western' THEN catalogue.search_letters('western several from')
            WHEN 'latin' THEN catalogue.search_letters('latin several from')
            ELSE catalogue.search_letters('case several from')
        END, E'\n');
        become := string_to_array(CASE tables
            WHEN 'western' THEN catalogue.search_letters('western several to')
            WHEN 'latin' THEN catalogue.search_letters('latin several to')
            ELSE catalogue.search_letters('case several to')
        END, E'\n');
        FOR place IN 1 .. cardinality(several) LOOP
            replaced := replace(replaced, several[place], become[place]);
        END LOOP;
    END IF;
    IF tables <> 'case' THEN
        replaced := normalize(replaced, NFD);
    END IF;
    replaced := translate(replaced, CASE tables
        WHEN 'western' THEN catalogue.search_letters('western from')
        WHEN 'latin' THEN catalogue.search_letters('latin from')
        ELSE catalogue.search_letters('case from')
    END, CASE tables
        WHEN 'western' THEN catalogue.search_letters('western to')
        WHEN 'latin' THEN catalogue.search_letters('latin to')
        ELSE catalogue.search_letters('case to')
    END);
    RETURN lower(replaced COLLATE "C");
END
$function$;

-- Lower case without accents, for letters of any script.
CREATE FUNCTION catalogue.search_bare(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    bare text := catalogue.search_replaced(given, 'case');
BEGIN
    bare := regexp_replace(normalize(bare, NFKD), catalogue.search_letters('mark'), '', 'g');
    RETURN catalogue.search_replaced(normalize(bare, NFC), 'case');
END
$function$;

-- Lower case without accents, for letters of the north-west of Europe. Letter by letter, which is a third of the time
-- that translate takes; an expression, so that it costs no call of its own.
CREATE FUNCTION catalogue.search_northern(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(
    given, 'ß', 'ss'), 'æ', 'ae'), 'ä', 'a'), 'ö', 'o'), 'ü', 'u'), 'å', 'a'), 'é', 'e'), 'ø', 'o'),
    'Æ', 'ae'), 'Ä', 'a'), 'Ö', 'o'), 'Ü', 'u'), 'Å', 'a'), 'É', 'e'), 'Ø', 'o') COLLATE "C");

-- A text in lower case, without accents, by the quickest way that does for all its letters.
CREATE FUNCTION catalogue.search_plain(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    plain text;
BEGIN
    IF octet_length(given) = length(given) THEN
        RETURN lower(given COLLATE "C");
    ELSIF given !~ catalogue.search_letters('beyond northern') THEN
        RETURN catalogue.search_northern(given);
    ELSIF given !~ catalogue.search_letters('beyond accents') THEN
        RETURN lower(
            replace(replace(replace(replace(replace(replace(replace(
                normalize(given, NFD), U&'\0300', ''), U&'\0301', ''), U&'\0302', ''), U&'\0303', ''),
                U&'\0308', ''), U&'\030A', ''), U&'\0327', '') COLLATE "C"
        );
    ELSIF given ~ catalogue.search_letters('western') THEN
        RETURN catalogue.search_replaced(given, 'western');
    ELSIF given ~ catalogue.search_letters('latin') THEN
        RETURN catalogue.search_replaced(given, 'latin');
    END IF;
    RETURN catalogue.search_bare(given);
END
$function$;

-- Fold a word: lower case, without accents. The result may be no word at all, or several.
CREATE FUNCTION catalogue.search_folded(given text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE
    word text := catalogue.search_plain(left(given, 64));
BEGIN
    IF word ~ '^[0-9a-z]+$' THEN
        RETURN ARRAY[left(word, 64)];
    END IF;
    RETURN ARRAY(SELECT left(each[1], 64) FROM regexp_matches(word, catalogue.search_letters('word'), 'g') AS each);
END
$function$;

-- A text as its words are compared: folded, one blank between. Where folding makes and takes no words, it comes first.
CREATE FUNCTION catalogue.search_folded_line(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
    IF given !~ catalogue.search_letters('beyond northern words') THEN
        RETURN array_to_string(ARRAY(
            SELECT left(each[1], 64) FROM regexp_matches(catalogue.search_northern(given), '[0-9a-z]+', 'g') AS each
        ), ' ');
    END IF;
    RETURN array_to_string(ARRAY(
        SELECT unnest(catalogue.search_folded(word)) FROM unnest(catalogue.search_split(given)) AS word
    ), ' ');
END
$function$;
