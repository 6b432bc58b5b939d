Feature: Identity
  An offering is known by its feed and by the identifier that its source gives it.

  Scenario: The source's identifier stays as it is, without surrounding blanks
    Given the record has the identifier "  MC-4711\t" of its own
    When the record is understood
    Then the source id is "MC-4711"

  Scenario: A record without an identifier becomes no offering
    Given the record has no identifier of its own
    And the record has the title "Data ethics"
    When the record is understood
    Then it becomes no offering

  Scenario: Further codes are kept by their kind; the first of a kind wins
    Given the record has these identifiers:
      | value   | scheme     |
      | DE-101  | courseCode |
      | DE-102  | courseCode |
      | 80-1    |            |
      | -       | brin       |
    When the record is understood
    Then the coursecode identifier is "DE-101"
    And the code identifier is "80-1"
    And there are 2 identifiers
