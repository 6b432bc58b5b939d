Feature: Instances
  The runs of the offering, each with what is known of it.

  Scenario: Runs are sorted by their start
    Given the record has these instances:
      | id  | start      | end        |
      | b   | 2026-10-01 | 2026-12-01 |
      | c   |            |            |
      | a   | 2026-09-01 | 2026-11-01 |
    When the record is understood
    Then the id of instance 1 is "a"
    And the id of instance 2 is "b"
    And the id of instance 3 is "c"

  Scenario: A run without an identifier has one that does not depend on its place
    Given the record has these instances:
      | start      | address                         |
      | 2026-09-01 | https://www.example.org/runs/1  |
    When the record is understood
    Then the id of instance 1 is "2026-09-01-a5b50796"

  Scenario: All details of a run
    Given the record has these instances:
      | id | start      | opens      | closes     | mode   | place   | language | taught in | places | status |
      | 1  | 2026-09-01 | 2026-06-01 | 2026-08-15 | online | Utrecht | en       | en        | 25     | open   |
    When the record is understood
    Then the enrolment start of instance 1 is "2026-06-01"
    And the enrolment end of instance 1 is "2026-08-15"
    And the mode of instance 1 is "online"
    And the location of instance 1 in "en" is "Utrecht"
    And the capacity of instance 1 is "25"
    And the status of instance 1 is "open"
    And nothing is noticed

  Scenario: A detail that cannot be understood is noticed by its name, the run stays
    Given the record has these instances:
      | id | start           | end        |
      | 1  | after the snow  | 2026-11-01 |
    When the record is understood
    Then the end of instance 1 is "2026-11-01"
    And there is no start of instance 1
    And MC17-INSTANCE-UNREADABLE is noticed with what "start"

  Scenario: Dates that contradict each other stay as published
    Given the record has these instances:
      | id | start      | end        |
      | 1  | 2026-11-01 | 2026-09-01 |
    When the record is understood
    Then the start of instance 1 is "2026-11-01"
    And the end of instance 1 is "2026-09-01"

  Scenario: The same run twice is one run
    Given the record has these instances:
      | id | start      |
      | 1  | 2026-09-01 |
      | 1  | 2026-09-01 |
    When the record is understood
    Then there is 1 instance

  Scenario: One identifier for two runs is told apart
    Given the record has these instances:
      | id | start      |
      | 1  | 2026-09-01 |
      | 1  | 2026-10-01 |
    When the record is understood
    Then the id of instance 1 is "1"
    And the id of instance 2 is "1#2"

  Scenario: A run that says nothing is none
    Given the record has these instances:
      | start | end |
      |       | -   |
    When the record is understood
    Then there are no instances
    And the state of instances is missing

  Scenario: What is wrong in every run is said once, with how often
    Given the record has these instances:
      | id | start      | mode      |
      | 1  | 2026-09-01 | full-time |
      | 2  | 2026-10-01 | full-time |
      | 3  | 2026-11-01 | evening   |
    When the record is understood
    Then MC17-INSTANCE-UNREADABLE is noticed once
    And MC17-INSTANCE-UNREADABLE is noticed with note "'full-time' is a form of teaching, a schedule or a pace, not a form of participation; so are 2 more, such as 'evening'"

  Scenario: Different details are said apart
    Given the record has these instances:
      | id | start          | mode      |
      | 1  | after the snow | full-time |
      | 2  | after the snow | full-time |
    When the record is understood
    Then MC17-INSTANCE-UNREADABLE is noticed twice

  Scenario: A day that a database wrote with midnight is a day
    Given the record has these instances:
      | id | start               | end                 | opens                     |
      | 1  | 2026-09-01T00:00:00 | 2026-12-01 00:00:00 | 2026-06-01T00:00:00+02:00 |
    When the record is understood
    Then the start of instance 1 is "2026-09-01"
    And the end of instance 1 is "2026-12-01"
    And the enrolment start of instance 1 is "2026-06-01T00:00:00+02:00"
    And nothing is noticed

  Scenario: The same word in several runs is noticed once
    Given the record has these instances:
      | id | start      | mode     |
      | 1  | 2026-09-01 | Flexible |
      | 2  | 2026-10-01 | Flexible |
    When the record is understood
    Then MC17-INSTANCE-UNREADABLE is noticed once
