Feature: Price
  Amount and currency. Unknown is not free.

  Scenario: An amount with its currency
    Given the record has these prices:
      | amount | currency |
      | 450.00 | EUR      |
    When the record is understood
    Then the amount of price 1 is "450"
    And the currency of price 1 is "EUR"
    And nothing is noticed

  Scenario: Zero is free, because the source says so
    Given the record has these prices:
      | amount | currency |
      | 0      | EUR      |
    When the record is understood
    Then the amount of price 1 is "0"

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
    Then the amount of price 1 of instance 1 is "450"
    And the amount of price 1 of instance 2 is "300"

  Scenario: The price of a run is a price
    Given the record has these instances:
      | start      | price | currency |
      | 2026-10-01 | 300   | EUR      |
    When the record is understood
    Then the state of price is present

  Scenario: Fees by region are a price each
    Given the record has these prices:
      | amount                                                                        |
      | UK fee: GBP155.00; Ireland fee: GBP340.00; Continental Europe fee: GBP385.00 |
    And the contract says that the default language is "en"
    When the record is understood
    Then the amount of price 1 is "155"
    And the currency of price 1 is "GBP"
    And the note of price 1 in "en" is "UK fee"
    And the amount of price 3 is "385"
    And the note of price 3 in "en" is "Continental Europe fee"
    And nothing is noticed

  Scenario: A fee that is not yet known is left out of the list
    Given the record has these prices:
      | amount                                        |
      | UK fee: not yet known; Ireland fee: GBP340.00 |
    And the contract says that the default language is "en"
    When the record is understood
    Then there is 1 price
    And the amount of price 1 is "340"

  Scenario: Fees that are all unknown are none
    Given the record has these prices:
      | amount                                            |
      | UK fee: Not yet known; Ireland fee: Not yet known |
    When the record is understood
    Then there is no price
    And the state of price is missing

  Scenario: A text without an amount is said once for all runs
    Given the record has these instances:
      | start      | price                      |
      | 2026-09-01 | Costs are paid per unit.   |
      | 2026-10-01 | Costs are paid per unit.   |
    When the record is understood
    Then MC17-PRICE-TEXT is noticed once

  Scenario: A price without a currency has the contract's
    Given the record has these instances:
      | start      | price   |
      | 2026-09-01 | 84.0000 |
    And the contract says that the default currency is "GBP"
    When the record is understood
    Then the currency of price 1 of instance 1 is "GBP"

  Scenario: The contract's currency does not make nothing free
    Given the record has these instances:
      | start      | price  |
      | 2026-09-01 | 0.0000 |
    And the contract says that the default currency is "GBP"
    When the record is understood
    Then there is no price of instance 1
