Feature: Supervision and identity verification (element 12)
  One of four values of the EU list, as planned for the assessment.

  Scenario: A value of the list
    Given the record has the supervision "supervised_verified"
    When the record is understood
    Then the supervision is "supervised_verified"
    And element 12 is present

  Scenario: What is none of the four is noticed
    Given the record has the supervision "somehow"
    When the record is understood
    Then there is no supervision
    And MC12-SUPERVISION-UNREADABLE is noticed
