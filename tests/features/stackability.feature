Feature: Integration and stackability (element 15)
  Whether the micro-credential counts towards something larger, and towards what.

  Scenario: Yes, towards a named programme
    Given the record answers "yes" to whether it is stackable
    And the record has these relations:
      | kind    | title                  | language |
      | part of | Master of Data Science | en       |
    When the record is understood
    Then the stackability says "yes"
    And the title of programme 1 in "en" is "Master of Data Science"
    And the stackability was published
    And nothing is noticed

  Scenario: A larger offer says it too
    Given the record has these relations:
      | kind    | identifier |
      | part of | prog-7     |
    When the record is understood
    Then the stackability says "yes"
    And the stackability was derived

  Scenario: Yes without a target is noticed
    Given the record answers "true" to whether it is stackable
    When the record is understood
    Then MC15-STACKABILITY-TARGET is noticed

  Scenario: No beside a larger offer is noticed
    Given the record answers "no" to whether it is stackable
    And the record has these relations:
      | kind    | identifier |
      | part of | prog-7     |
    When the record is understood
    Then the stackability says "no"
    And MC15-STACKABILITY-CONTRADICTED is noticed

  Scenario: Neither yes nor no
    Given the record answers "sometimes on a Tuesday" to whether it is stackable
    When the record is understood
    Then there is no stackability
    And MC15-STACKABILITY-UNREADABLE is noticed

  Scenario: Words are enough
    Given the record has these stackability texts:
      | value                                   | language |
      | Counts towards any master's programme.  | en       |
    When the record is understood
    Then the text of the stackability in "en" is "Counts towards any master's programme."
    And element 15 is present
