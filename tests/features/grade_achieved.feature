Feature: Grade achieved (element 14) is refused
  Grades belong to persons. The scheme in which grades are given is welcome: see the grading scheme.

  Scenario: An achieved grade is noticed by the name of its field
    Given the record has a field named "result/score" about a grade
    When the record is understood
    Then MC14-GRADE-REFUSED is noticed with field "result/score"
    And element 14 is not applicable
