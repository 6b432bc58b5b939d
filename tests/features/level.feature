Feature: Level and cycle (element 7)
  The EQF level where it is stated, else what can be derived from it, else the reason why there is none.

  Scenario: A stated EQF level
    Given the record has these levels:
      | value | scheme |
      | 6     | eqf    |
    When the record is understood
    Then the EQF level is "6"
    And the level was published
    And element 7 is present

  Scenario: The stated level comes before the word
    Given the record has these levels:
      | value    | scheme |
      | bachelor | word   |
      | 7        | eqf    |
    When the record is understood
    Then the EQF level is "7"

  Scenario: A word gives a derived level
    Given the record has these levels:
      | value    | scheme |
      | bachelor | word   |
    When the record is understood
    Then the EQF level is "6"
    And the level was derived
    And element 7 is derived

  Scenario: Two stated levels that disagree are noticed
    Given the record has these levels:
      | value | scheme |
      | 6     | eqf    |
      | 7     | eqf    |
    When the record is understood
    Then the EQF level is "6"
    And MC07-LEVEL-CONTRADICTED is noticed with other "7"

  Scenario: A reason for having no level
    Given the record has these levels:
      | value                                    | scheme | language |
      | Not part of the national framework yet   | reason | en       |
    When the record is understood
    Then the reason for having no level in "en" is "Not part of the national framework yet"
    And element 7 is not applicable

  Scenario: What is no level is noticed
    Given the record has these levels:
      | value | scheme |
      | 12    | eqf    |
    When the record is understood
    Then there is no level
    And MC07-LEVEL-UNREADABLE is noticed
