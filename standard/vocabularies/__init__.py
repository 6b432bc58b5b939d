"""Code lists of the standard, in our own compact files: codes, labels, EU addresses, words met in the wild.

One CSV file per list. Columns: `code` is our code; `notation` is the last part of the EU address where it
differs from the code; two-letter columns are labels by language. A list may have a second file,
``<name>_words.csv``: words that sources use for a code (`word`), whether they state it or a rule of ours
reads it so (`how`: ``published`` or ``derived``), and where the word was met (`met_in`).

Sources: EU Vocabularies (the `snb` concept schemes of Europass, the `authority` tables of the Publications
Office, NUTS), ISO 639 and ISO 3166, ISCED-F 2013, the national referencing reports to the EQF (column `eqf`
of the national levels; empty where a level is below EQF 1, spans more than one, is not in use, or no report
says it). Labels of languages, countries and currencies in other languages come from CLDR.
"""

from standard.vocabularies.vocabulary import NAMES, Vocabulary, Word, names_in_languages, vocabulary

__all__ = ["NAMES", "Vocabulary", "Word", "names_in_languages", "vocabulary"]
