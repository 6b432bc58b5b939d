Feature: Awarding body and providers (element 4)
  Who signs and who teaches. The contract's institution signs where the record names nobody.

  Scenario: The record names who signs and who teaches
    Given the record has these awarding bodies:
      | name                | language | country |
      | University of Aalto | en       | FI      |
    And the record has these providers:
      | name           | language |
      | School of Arts | en       |
      | School of Law  | en       |
    When the record is understood
    Then the name of the awarding body in "en" is "University of Aalto"
    And there are 2 providers
    And the name of provider 1 in "en" is "School of Arts"
    And element 4 is present

  Scenario: The contract's institution signs where nobody is named
    Given the contract names the institution "Example University" in "NL" with schac "example.nl"
    When the record is understood
    Then the name of the awarding body in "en" is "Example University"
    And the awarding body was from the contract
    And element 4 is present

  Scenario: Who signs also teaches where no provider is named
    Given the record has these awarding bodies:
      | name                | language |
      | University of Aalto | en       |
    When the record is understood
    Then there is 1 provider
    And the providers were derived

  Scenario: The contract's institution is recognised and completed
    Given the contract names the institution "Example University" in "NL" with schac "example.nl"
    And the record has these awarding bodies:
      | name                | language |
      | Example  university | en       |
    When the record is understood
    Then the schac identifier of the awarding body is "example.nl"
    And the country of the awarding body is "NL"
    And the awarding body was published

  Scenario: Another organisation is not mixed up with it
    Given the contract names the institution "Example University" in "NL" with schac "example.nl"
    And the record has these awarding bodies:
      | name           | language |
      | Other College  | en       |
    When the record is understood
    Then there is no identifiers of the awarding body

  Scenario: Only one awarding body is kept
    Given the record has these awarding bodies:
      | name             | language |
      | First University | en       |
      | Second College   | en       |
    When the record is understood
    Then the name of the awarding body in "en" is "First University"
    And MC04-AWARDING-BODY-SEVERAL is noticed with others "Second College"

  Scenario: One that is known by an identifier alone is kept and noticed
    Given the record has these awarding bodies:
      | identifier       |
      | schac example.nl |
    When the record is understood
    Then the schac identifier of the awarding body is "example.nl"
    And MC04-AWARDING-BODY-NAMELESS is noticed

  Scenario: Nobody at all
    When the record is understood
    Then there is no awarding body
    And the state of awarding body is missing
