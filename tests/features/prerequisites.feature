Feature: Prerequisites (element 10)
  What a learner must bring. An explicit "none" is an answer.

  Scenario: Requirements from several places are joined
    Given the record has these prerequisites:
      | value                     | language |
      | A bachelor's degree.      | en       |
      | Basic statistics.         | en       |
      | A bachelor's degree.      | en       |
    When the record is understood
    Then the prerequisites in "en" are "A bachelor's degree.\n\nBasic statistics."
    And element 10 is present

  Scenario: None is an answer
    Given the record has these prerequisites:
      | value | language |
      | None  | en       |
    When the record is understood
    Then the prerequisites in "en" are "None"

  Scenario: A dash is not
    Given the record has the prerequisites "-"
    When the record is understood
    Then there are no prerequisites
    And element 10 is missing
