Feature: Type of assessment (element 11)
  How the outcomes are proven: a type of the EU list, a text, or both.

  Scenario: A type of the list
    Given the record has the assessment type "Written examination"
    When the record is understood
    Then the assessment types are:
      | written_examination |
    And the assessment types were published
    And element 11 is present

  Scenario: A short text that names a type gives the type
    Given the record has these assessment texts:
      | value               | language |
      | Written examination | en       |
    When the record is understood
    Then the assessment types are:
      | written_examination |
    And the assessment types were derived
    And the assessment in "en" is "Written examination"

  Scenario: A longer text is not searched for words
    Given the record has these assessment texts:
      | value                                                                                             | language |
      | You hand in three short essays; there is no written examination, whatever the old brochure says.  | en       |
    When the record is understood
    Then there are no assessment types
    And MC11-ASSESSMENT-NO-TYPE is noticed
    And the state of assessment types is unreadable
    And element 11 is present

  Scenario: What is no type is noticed
    Given the record has the assessment type "goodwill"
    When the record is understood
    Then MC11-ASSESSMENT-UNREADABLE is noticed
    And element 11 is missing
