Feature: Licence of the data
  What the source says, else what the contract says.

  Scenario: The record's licence
    Given the contract says that the licence is "CC0-1.0"
    And the record has the licence "CC-BY-4.0"
    When the record is understood
    Then the licence is "CC-BY-4.0"
    And the licence was published

  Scenario: Else the contract's
    Given the contract says that the licence is "CC0-1.0"
    When the record is understood
    Then the licence is "CC0-1.0"
    And the licence was from the contract
