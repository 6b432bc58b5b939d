Feature: Form of participation (element 9)
  Online, onsite, blended and so on; of the offering, or of its runs.

  Scenario: The offering's mode
    Given the record has the mode "online"
    When the record is understood
    Then the modes are:
      | online |
    And the modes were published

  Scenario: The modes of runs are added
    Given the record has the mode "online"
    And the record has these instances:
      | start      | mode    |
      | 2026-09-01 | blended |
      | 2026-10-01 | online  |
    When the record is understood
    Then the modes are:
      | online  |
      | blended |

  Scenario: Modes that only runs give are derived
    Given the record has these instances:
      | start      | mode    |
      | 2026-09-01 | blended |
    When the record is understood
    Then the modes are:
      | blended |
    And the modes were derived
    And element 9 is derived

  Scenario: What is no mode is noticed
    Given the record has the mode "full-time"
    When the record is understood
    Then there are no modes
    And MC09-MODE-UNREADABLE is noticed

  Scenario: What is no mode is set aside where there is one
    Given the record has these modes:
      | value     |
      | full-time |
      | online    |
    When the record is understood
    Then the modes are:
      | online |
    And MC09-MODE-SKIPPED is noticed

  Scenario: A house word is translated by the contract
    Given the contract reads "Campus 2" in modes as "onsite"
    And the record has the mode "Campus 2"
    When the record is understood
    Then the modes are:
      | onsite |
    And the modes were looked up

  Scenario: A value that only misleads is taken away by the contract
    Given the contract takes "full-time" in modes away
    And the record has the mode "full-time"
    When the record is understood
    Then the state of modes is missing
    And nothing is noticed
