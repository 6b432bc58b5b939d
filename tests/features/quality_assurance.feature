Feature: Quality assurance (element 13)
  What the record says of its own quality assurance. Evidence is looked up elsewhere.

  Scenario: A complete statement
    Given the record has these statements of quality assurance:
      | type                        | agency          | language | report                        | valid from | valid until |
      | Programme quality assurance | Example Agency  | en       | https://agency.example.org/1  | 2024-01-01 | 2030-01-01  |
    When the record is understood
    Then the type of statement 1 is "programme_quality_assurance"
    And the agency of statement 1 in "en" is "Example Agency"
    And the report of statement 1 is "https://agency.example.org/1"
    And the last day of statement 1 is "2030-01-01"
    And element 13 is present
    And nothing is noticed

  Scenario: A statement that has run out is noticed and kept
    Given the record has these statements of quality assurance:
      | agency          | language | valid until |
      | Example Agency  | en       | 2020-12-31  |
    When the record is understood
    Then there is 1 statement of quality assurance
    And MC13-QUALITY-ASSURANCE-EXPIRED is noticed

  Scenario: A detail that cannot be understood does not lose the rest
    Given the record has these statements of quality assurance:
      | type   | agency         | language |
      | golden | Example Agency | en       |
    When the record is understood
    Then there is 1 statement of quality assurance
    And MC13-QUALITY-ASSURANCE-SKIPPED is noticed with what "type"

  Scenario: Nothing but what cannot be understood
    Given the record has these statements of quality assurance:
      | type   |
      | golden |
    When the record is understood
    Then there is no statement of quality assurance
    And MC13-QUALITY-ASSURANCE-UNREADABLE is noticed
    And the state of quality assurance is unreadable
