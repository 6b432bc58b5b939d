Feature: Grading scheme (what an offering has of element 14)
  The scale in which grades will be given, never a grade.

  Scenario: A scheme in words
    Given the record has these grading schemes:
      | value        | language |
      | Pass or fail | en       |
    When the record is understood
    Then the grading scheme in "en" is "Pass or fail"

  Scenario: A code is written in no language
    Given the contract says that the default language is "nl"
    And the record has the grading schemes "pass-or-valuation"
    When the record is understood
    Then the grading scheme in "und" is "pass-or-valuation"
