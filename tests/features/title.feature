Feature: Title of the micro-credential (element 2)
  At least one title in any language, one line, one per language. Without a title nothing is published.

  Scenario: One title per language
    Given the record has these titles:
      | value             | language |
      | Data ethics       | en       |
      | Datan etiikka     | fi       |
    When the record is understood
    Then the title in "en" is "Data ethics"
    And the title in "fi" is "Datan etiikka"
    And the title was published
    And element 2 is present
    And nothing is noticed

  Scenario: The first title in a language wins
    Given the record has these titles:
      | value                | language |
      | Data ethics          | en       |
      | Ethics for data      | en       |
    When the record is understood
    Then the title in "en" is "Data ethics"

  Scenario: A placeholder is passed over
    Given the record has these titles:
      | value       | language |
      | tbd         | en       |
      | Data ethics | en       |
    When the record is understood
    Then the title in "en" is "Data ethics"

  Scenario: Nothing but a placeholder is no title
    Given the record has the title "-"
    When the record is understood
    Then there is no title
    And the state of title is missing
    And nothing is noticed

  Scenario: A title without a language has the contract's language
    Given the contract says that the default language is "sv"
    And the record has the title "Dataetik"
    When the record is understood
    Then the title in "sv" is "Dataetik"
    And the title was from the contract

  Scenario: Without a language and without a contract nobody guesses
    Given the record has the title "Dataetik"
    When the record is understood
    Then the title in "und" is "Dataetik"
    And the title was published

  Scenario: A language that is none is noticed, and not replaced by the contract's
    Given the contract says that the default language is "de"
    And the record has these titles:
      | value       | language      |
      | Datenethik  | Mehrsprachig  |
    When the record is understood
    Then the title in "und" is "Datenethik"
    And MC02-TITLE-LANGUAGE-UNREADABLE is noticed with tag "Mehrsprachig"

  Scenario: Mark-up and line breaks go, the original stays
    Given the record has these titles:
      | value                               | language | markup |
      | <b>Data</b> &amp; ethics\n  for all | en       | html   |
    When the record is understood
    Then the title in "en" is "Data & ethics for all"
    And the title was written as "<b>Data</b> &amp; ethics\n  for all"
    And MC02-TITLE-ADJUSTED is noticed

  Scenario: A code is not a title
    Given the record has the title "4711"
    When the record is understood
    Then there is no title
    And MC02-TITLE-UNREADABLE is noticed
    And the state of title is unreadable

  Scenario: A code beside a title is set aside
    Given the record has these titles:
      | value       | language |
      | 4711        | en       |
      | Data ethics | en       |
    When the record is understood
    Then the title in "en" is "Data ethics"
    And MC02-TITLE-SKIPPED is noticed
    And MC02-TITLE-UNREADABLE is not noticed

  Scenario: Two letters are short for a title
    Given the record has these titles:
      | value | language |
      | AI    | en       |
    When the record is understood
    Then the title in "en" is "AI"
    And MC02-TITLE-TOO-SHORT is noticed

  Scenario: A known bad title is repaired by the contract
    Given the contract reads "Kurs 12 (neu)" in titles as "Datenethik"
    And the record has these titles:
      | value         | language |
      | Kurs 12 (neu) | de       |
    When the record is understood
    Then the title in "de" is "Datenethik"
    And the title was looked up
    And the title was written as "Kurs 12 (neu)"

  Scenario: A title that equals one with a language adds nothing
    Given the record has these titles:
      | value       | language |
      | Data ethics | en       |
      | Data ethics |          |
    When the record is understood
    Then there is a title in 1 language
