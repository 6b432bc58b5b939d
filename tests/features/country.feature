Feature: Country and region of the issuer (element 3)
  Where the awarding body sits, not where teaching happens.

  Scenario: The awarding body's own country comes first
    Given the record has these awarding bodies:
      | name                | country |
      | University of Aalto | Finland |
    And the record has the country "SE"
    When the record is understood
    Then the country is "FI"
    And the country was published
    And the country was written as "Finland"

  Scenario: Else the record's country
    Given the record has the country "nl"
    When the record is understood
    Then the country is "NL"
    And element 3 is present

  Scenario: Else the contract's
    Given the contract says that the default country is "IE"
    When the record is understood
    Then the country is "IE"
    And the country was from the contract

  Scenario: The country of the contract's institution, where that is the awarding body
    Given the contract names the institution "Example University" in "NL" with schac "example.nl"
    When the record is understood
    Then the country is "NL"
    And the country was from the contract

  Scenario: What is no country is noticed
    Given the record has the country "Atlantis"
    When the record is understood
    Then there is no country
    And MC03-COUNTRY-UNREADABLE is noticed
    And the state of country is unreadable

  Scenario: What is no country is set aside where the contract has one
    Given the contract says that the default country is "IE"
    And the record has the country "Atlantis"
    When the record is understood
    Then the country is "IE"
    And MC03-COUNTRY-SKIPPED is noticed
    And MC03-COUNTRY-UNREADABLE is not noticed

  Scenario: A region of another country is noticed
    Given the record has the country "NL"
    And the record has the regions "FI1C"
    When the record is understood
    Then the region is "FI1C"
    And MC03-REGION-CONTRADICTED is noticed
