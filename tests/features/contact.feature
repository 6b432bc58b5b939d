Feature: Contact
  Where to ask: an office, never a named person.

  Scenario: The address of an office
    Given the record has these contacts:
      | value                    | scheme |
      | study-office@Example.ORG | email  |
    When the record is understood
    Then the mail address of the contact is "study-office@example.org"

  Scenario: What a value is follows from its form
    Given the record has these contacts:
      | value                         |
      | info@example.org              |
      | https://example.org/ask       |
    When the record is understood
    Then the mail address of the contact is "info@example.org"
    And the web address of the contact is "https://example.org/ask"

  Scenario: The address of a person is not kept
    Given the record has the contact "eva.muster@example.org"
    When the record is understood
    Then there is no contact
    And MC17-CONTACT-PERSONAL is noticed
    And nowhere does "muster" appear

  Scenario: Nor is a name
    Given the record has the contact "Dr. Eva Muster"
    When the record is understood
    Then MC17-CONTACT-PERSONAL is noticed
    And nowhere does "Muster" appear

  Scenario: A web address in the place of a mail address is a web address
    Given the record has these contacts:
      | value                          | scheme |
      | http://www.example.org/contact | email  |
    When the record is understood
    Then the web address of the contact is "http://www.example.org/contact"
    And nothing is noticed
