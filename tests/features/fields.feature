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
    Then there is no fields
    And the state of fields is missing

  Scenario: A national code climbs to its valid parent, and that is noticed
    Given the record has these fields:
      | value | scheme  |
      | 0618  | isced-f |
    When the record is understood
    Then MC17-FIELD-ADJUSTED is noticed
    And there is 1 fields

  Scenario: All codes of another classification are noticed once
    Given the record has these fields:
      | value | scheme |
      | Q300  | JACS3  |
      | V990  | JACS3  |
    When the record is understood
    Then MC17-FIELD-UNREADABLE is noticed 1 time
