Feature: Fields of study
  ISCED-F 2013 codes.

  Scenario: Codes of the list, each once
    Given the record has these fields:
      | value | scheme  |
      | 0613  | isced-f |
      | 0613  | isced-f |
      | 0223  | isced-f |
    When the record is understood
    Then the fields are:
      | 0613 |
      | 0223 |

  Scenario: The code for "unknown" says nothing
    Given the record has these fields:
      | value | scheme  |
      | 9999  | isced-f |
    When the record is understood
    Then there are no fields
    And the state of fields is missing

  Scenario: A national code climbs to its valid parent, and that is noticed
    Given the record has these fields:
      | value | scheme  |
      | 0618  | isced-f |
    When the record is understood
    Then MC17-FIELD-ADJUSTED is noticed
    And there is 1 field

  Scenario: Codes of another classification are said once, and mildly
    Given the record has these fields:
      | value | scheme |
      | Q300  | JACS3  |
      | FN.2  | LDCS3  |
      | FJ.2  | LDCS3  |
    When the record is understood
    Then there are no fields
    And the state of fields is unreadable
    And MC17-FIELD-OTHER-CLASSIFICATION is noticed once
    And MC17-FIELD-OTHER-CLASSIFICATION is noticed with names "JACS3, LDCS3"
    And MC17-FIELD-OTHER-CLASSIFICATION is noticed with codes "Q300, FN.2, FJ.2"
    And MC17-FIELD-UNREADABLE is not noticed

  Scenario: A classification without a name is said to have none
    Given the record has these fields:
      | value | scheme     |
      | KC.3  | dc:subject |
    When the record is understood
    Then MC17-FIELD-OTHER-CLASSIFICATION is noticed with names "a classification that is not named"
