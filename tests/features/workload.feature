Feature: Notional workload (element 6)
  ECTS credits, hours of learning, or both. The learner's time, not the teacher's.

  Scenario: Credits and hours
    Given the record has this workload:
      | value | scheme |
      | 3     | ects   |
      | 81    | hour   |
    When the record is understood
    Then the ECTS of the workload is "3"
    And the hours of the workload is "81"
    And the workload was published
    And nothing is noticed

  Scenario: Zero is unknown
    Given the record has this workload:
      | value | scheme |
      | 0     | ects   |
    When the record is understood
    Then there is no workload
    And the state of workload is missing
    And nothing is noticed

  Scenario: Hours that do not fit the credits are noticed and kept
    Given the record has this workload:
      | value | scheme |
      | 3     | ects   |
      | 12    | hour   |
    When the record is understood
    Then the hours of the workload is "12"
    And MC06-WORKLOAD-RATIO is noticed with ratio "4.0"

  Scenario: More than a year of study is noticed
    Given the record has this workload:
      | value | scheme |
      | 90    | ects   |
    When the record is understood
    Then MC06-WORKLOAD-IMPLAUSIBLE is noticed

  Scenario: Contact hours beside credits are not the workload
    Given the record has this workload:
      | value | scheme       |
      | 3     | ects         |
      | 12    | contact_hour |
    When the record is understood
    Then there is no hours of the workload
    And nothing is noticed

  Scenario: Contact hours alone are a lower bound
    Given the record has this workload:
      | value | scheme       |
      | 12    | contact_hour |
    When the record is understood
    Then the hours of the workload is "12"
    And the workload was derived
    And MC06-WORKLOAD-CONTACT-HOURS is noticed

  Scenario: Hours per week need a number of weeks
    Given the record has this workload:
      | value | scheme        |
      | 4     | hour_per_week |
      | P6W   | duration      |
    When the record is understood
    Then the hours of the workload is "24"
    And the workload was derived
    And element 6 is derived

  Scenario: Calendar time alone is no workload
    Given the record has this workload:
      | value | scheme   |
      | P6W   | duration |
    When the record is understood
    Then there is no workload

  Scenario: What cannot be understood is noticed, and not also called missing
    Given the record has this workload:
      | value       | scheme |
      | three or so | ects   |
    When the record is understood
    Then MC06-WORKLOAD-UNREADABLE is noticed
    And the state of workload is unreadable

  Scenario: The workload of the instances counts where the offering has none
    Given the record has these instances:
      | start      | ects |
      | 2026-09-01 | 5    |
    When the record is understood
    Then the ECTS of the workload is "5"
    And the workload was derived

  Scenario: No credits of an unknown kind are no credits at all
    Given the record has this workload:
      | value | scheme              |
      | 0     | The Open University |
    When the record is understood
    Then there is no workload
    And the state of workload is missing
    And nothing is noticed
