Feature: Date of issuing (element 5) is refused
  A credential is issued to a person on a day. An offer has start, end and deadlines instead.

  Scenario: A date of issuing is noticed by the name of its field
    Given the record has a field named "awardingDate" about a date of issuing
    When the record is understood
    Then MC05-DATE-OF-ISSUING-REFUSED is noticed with field "awardingDate"
    And element 5 is not applicable

  Scenario: A record without one is as it should be
    When the record is understood
    Then nothing is noticed
