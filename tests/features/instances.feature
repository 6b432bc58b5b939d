Feature: Instances
  The runs of the offering, each with what is known of it.

  Scenario: Runs are sorted by their start
    Given the record has these instances:
      | id  | start      | end        |
      | b   | 2026-10-01 | 2026-12-01 |
      | c   |            |            |
      | a   | 2026-09-01 | 2026-11-01 |
    When the record is understood
    Then the instances.1.instance id is "a"
    And the instances.2.instance id is "b"
    And the instances.3.instance id is "c"

  Scenario: A run without an identifier has one that does not depend on its place
    Given the record has these instances:
      | start      | address                         |
      | 2026-09-01 | https://www.example.org/runs/1  |
    When the record is understood
    Then the instances.1.instance id is "2026-09-01-a5b50796"

  Scenario: All details of a run
    Given the record has these instances:
      | id | start      | opens      | closes     | mode   | place   | language | taught in | places | status |
      | 1  | 2026-09-01 | 2026-06-01 | 2026-08-15 | online | Utrecht | en       | en        | 25     | open   |
    When the record is understood
    Then the instances.1.enrolment opens is "2026-06-01"
    And the instances.1.enrolment closes is "2026-08-15"
    And the instances.1.mode is "online"
    And the instances.1.location in "en" is "Utrecht"
    And the instances.1.capacity is "25"
    And the instances.1.status is "open"
    And nothing is noticed

  Scenario: A detail that cannot be understood is noticed by its name, the run stays
    Given the record has these instances:
      | id | start           | end        |
      | 1  | after the snow  | 2026-11-01 |
    When the record is understood
    Then the instances.1.end is "2026-11-01"
    And there is no instances.1.start
    And MC17-INSTANCE-UNREADABLE is noticed with what "start"

  Scenario: Dates that contradict each other stay as published
    Given the record has these instances:
      | id | start      | end        |
      | 1  | 2026-11-01 | 2026-09-01 |
    When the record is understood
    Then the instances.1.start is "2026-11-01"
    And the instances.1.end is "2026-09-01"

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
    Then the instances.1.instance id is "1"
    And the instances.2.instance id is "1#2"

  Scenario: A run that says nothing is none
    Given the record has these instances:
      | start | end |
      |       | -   |
    When the record is understood
    Then there is no instances
    And the state of instances is missing

  Scenario: What is wrong in every run is said once, with how often
    Given the record has these instances:
      | id | start      | mode      |
      | 1  | 2026-09-01 | full-time |
      | 2  | 2026-10-01 | full-time |
      | 3  | 2026-11-01 | evening   |
    When the record is understood
    Then MC17-INSTANCE-UNREADABLE is noticed 1 time
    And MC17-INSTANCE-UNREADABLE is noticed with note "'full-time' is a form of teaching, a schedule or a pace, not a form of participation; so are 2 more, such as 'evening'"

  Scenario: Different details are said apart
    Given the record has these instances:
      | id | start          | mode      |
      | 1  | after the snow | full-time |
      | 2  | after the snow | full-time |
    When the record is understood
    Then MC17-INSTANCE-UNREADABLE is noticed 2 times

  Scenario: A day that a database wrote with midnight is a day
    Given the record has these instances:
      | id | start               | end                 | opens                     |
      | 1  | 2026-09-01T00:00:00 | 2026-12-01 00:00:00 | 2026-06-01T00:00:00+02:00 |
    When the record is understood
    Then the instances.1.start is "2026-09-01"
    And the instances.1.end is "2026-12-01"
    And the instances.1.enrolment opens is "2026-06-01T00:00:00+02:00"
    And nothing is noticed

  Scenario: The same word in several runs is noticed once
    Given the record has these instances:
      | id | start      | mode     |
      | 1  | 2026-09-01 | Flexible |
      | 2  | 2026-10-01 | Flexible |
    When the record is understood
    Then MC17-INSTANCE-UNREADABLE is noticed 1 time
