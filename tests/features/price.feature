Feature: Price
  Amount and currency. Unknown is not free.

  Scenario: An amount with its currency
    Given the record has these prices:
      | amount | currency |
      | 450.00 | EUR      |
    When the record is understood
    Then the price.1.amount is "450"
    And the price.1.currency is "EUR"
    And nothing is noticed

  Scenario: Zero is free, because the source says so
    Given the record has these prices:
      | amount | currency |
      | 0      | EUR      |
    When the record is understood
    Then the price.1.amount is "0"

  Scenario: Nothing published is not free
    When the record is understood
    Then there is no price
    And the state of price is missing

  Scenario: A run without a price of its own has the offering's
    Given the record has these prices:
      | amount | currency |
      | 450    | EUR      |
    And the record has these instances:
      | start      | price | currency |
      | 2026-09-01 |       |          |
      | 2026-10-01 | 300   | EUR      |
    When the record is understood
    Then the instances.1.price.1.amount is "450"
    And the instances.2.price.1.amount is "300"

  Scenario: The price of a run is a price
    Given the record has these instances:
      | start      | price | currency |
      | 2026-10-01 | 300   | EUR      |
    When the record is understood
    Then the state of price is present
