Feature: Languages of instruction
  In which language one is taught. The language of the text is another question.

  Scenario: Codes, names and EU addresses
    Given the record has these languages:
      | value                                                             |
      | eng                                                               |
      | Deutsch                                                           |
      | http://publications.europa.eu/resource/authority/language/FIN     |
    When the record is understood
    Then the languages are:
      | en |
      | de |
      | fi |

  Scenario: The languages of runs count where the offering has none
    Given the record has these instances:
      | start      | taught in |
      | 2026-09-01 | nl        |
    When the record is understood
    Then the languages are:
      | nl |
    And the languages were derived

  Scenario: No language is taken from the text
    Given the record has these titles:
      | value       | language |
      | Data ethics | en       |
    When the record is understood
    Then there are no languages

  Scenario: "Multilingual" names no language
    Given the record has the languages "Mehrsprachig"
    When the record is understood
    Then MC17-LANGUAGE-UNREADABLE is noticed
