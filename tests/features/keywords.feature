Feature: Keywords
  Words for finding, each once.

  Scenario: Lists inside a value are taken apart
    Given the record has these keywords:
      | value             |
      | data; ethics, law |
      | Ethics            |
      | -                 |
    When the record is understood
    Then the keywords are:
      | data   |
      | ethics |
      | law    |
