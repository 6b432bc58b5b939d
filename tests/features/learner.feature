Feature: Learner (element 1) is refused
  A catalogue record describes an offer. Data about a learner does not belong in it and is never kept.

  Scenario: A field about a learner is noticed by its name
    Given the record has a field named "participant/email" about a learner
    When the record is understood
    Then MC01-LEARNER-REFUSED is noticed with field "participant/email"
    And element 1 is not applicable

  Scenario: The same field twice is noticed once
    Given the record has a field named "student" about a learner
    And the record has a field named "student" about a learner
    When the record is understood
    Then MC01-LEARNER-REFUSED is noticed once

  Scenario: Something long is no name and is not shown in full
    Given the record has a field named "the-name-of-a-field-is-never-as-long-as-this-one-which-might-be-a-value-Maija-Meikäläinen" about a learner
    When the record is understood
    Then MC01-LEARNER-REFUSED is noticed once
    And nowhere does "Maija" appear
