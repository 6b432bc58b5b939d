Feature: When the source last changed the record

  Scenario: A moment
    Given the record has the day of modification "2026-02-03T04:05:06Z"
    When the record is understood
    Then the day of modification is "2026-02-03T04:05:06Z"

  Scenario: The future has not happened
    Given the record has the day of modification "2027-01-01"
    When the record is understood
    Then there is no day of modification
    And MC17-MODIFIED-UNREADABLE is noticed
