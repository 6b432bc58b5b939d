Feature: Further information (element 16)
  The public page of the offering. Without one nothing is published.

  Scenario: A web address
    Given the record has the homepage "https://www.example.org/courses/4711"
    When the record is understood
    Then the homepage is "https://www.example.org/courses/4711"
    And the homepage was published
    And element 16 is present

  Scenario: A relative address is completed with the feed's
    Given the contract says that the base address is "https://www.example.org/"
    And the record has the homepage "/courses/4711"
    When the record is understood
    Then the homepage is "https://www.example.org/courses/4711"

  Scenario: What is no public web address is noticed
    Given the record has the homepage "javascript:alert(1)"
    When the record is understood
    Then there is no homepage
    And MC16-HOMEPAGE-UNREADABLE is noticed
    And the state of homepage is unreadable

  Scenario: The page of a run is better than none
    Given the record has these instances:
      | start      | address                           |
      | 2026-09-01 | https://www.example.org/runs/1    |
    When the record is understood
    Then the homepage is "https://www.example.org/runs/1"
    And the homepage was derived
    And element 16 is derived
