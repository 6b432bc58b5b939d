Feature: Learning outcomes (element 8)
  A list of statements. Explicit lists are taken apart; paragraphs are not.

  Scenario: A list of outcomes
    Given the record has these outcomes:
      | value                        | language |
      | Explains what bias is.       | en       |
      | Finds bias in a data set.    | en       |
    When the record is understood
    Then the outcomes in "en" are:
      | Explains what bias is.    |
      | Finds bias in a data set. |
    And the learning outcomes were published
    And element 8 is present

  Scenario: An HTML list is taken apart, and its introduction is no outcome
    Given the record has this outcome in "en":
      """
      <p>After the course you are able to:</p><ul><li>explain what bias is;</li><li>find bias in a data set.</li></ul>
      """
    When the record is understood
    Then the outcomes in "en" are:
      | explain what bias is       |
      | find bias in a data set.   |
    And the learning outcomes were derived

  Scenario: Lines with dashes are a list, and the line before them leads in
    Given the record has this outcome in "en":
      """
      The goal is a critical view on data.

      After the course, the student
      - can explain what bias is,
      - can find bias
      in a data set.
      """
    When the record is understood
    Then the outcomes in "en" are:
      | The goal is a critical view on data.   |
      | can explain what bias is               |
      | can find bias in a data set.           |

  Scenario: A paragraph stays whole
    Given the record has this outcome in "en":
      """
      Students explain what bias is. They find bias in a data set; they report it.
      """
    When the record is understood
    Then there is 1 outcome
    And the learning outcomes were published

  Scenario: One dash is no list
    Given the record has this outcome in "en":
      """
      Students explain what bias is
      - and why it matters.
      """
    When the record is understood
    Then there is 1 outcome

  Scenario: Lists in two languages are paired
    Given the record has one outcome with these texts:
      | value                                    | language |
      | - explains bias\n- finds bias            | en       |
      | - selittää vinouman\n- löytää vinouman   | fi       |
    When the record is understood
    Then there are 2 outcomes
    And the outcomes in "fi" are:
      | selittää vinouman |
      | löytää vinouman   |

  Scenario: The English text under a Dutch label is noticed and kept
    Given the record has one outcome with these texts:
      | value                                                                              | language |
      | - explain what bias is and where it comes from\n- find bias in a given data set    | nl-NL    |
      | - explain what bias is and where it comes from\n- find bias in a given data set    | en-GB    |
    When the record is understood
    Then there are 2 outcomes
    And MC08-OUTCOMES-LANGUAGE-CONTRADICTED is noticed

  Scenario: An introduction among the outcomes is no outcome
    Given the record has these outcomes:
      | value                        | language |
      | Students will be able to:    | en       |
      | find bias in a data set      | en       |
    When the record is understood
    Then there is 1 outcome

  Scenario: The title is not an outcome
    Given the record has these titles:
      | value       | language |
      | Data ethics | en       |
    And the record has these outcomes:
      | value       | language |
      | Data Ethics | en       |
    When the record is understood
    Then there are no learning outcomes
    And MC08-OUTCOMES-NOT-REAL is noticed
    And the state of learning outcomes is unreadable

  Scenario: Equal outcomes stand once
    Given the record has these outcomes:
      | value      | language |
      | finds bias | en       |
      | finds bias | en       |
    When the record is understood
    Then there is 1 outcome

  Scenario: A skill of ESCO stays with its outcome
    Given the record has these outcomes:
      | value      | language | skill                                                                  |
      | finds bias | en       | http://data.europa.eu/esco/skill/12345678-90ab-4cde-8f01-234567890abc   |
    When the record is understood
    Then the ESCO skills of outcome 1 are:
      | http://data.europa.eu/esco/skill/12345678-90ab-4cde-8f01-234567890abc |

  Scenario: Another address is not a skill
    Given the record has these outcomes:
      | value      | language | skill                                          |
      | finds bias | en       | http://data.europa.eu/esco/skill/fake-id-7     |
    When the record is understood
    Then MC08-OUTCOMES-SKILL is noticed
    And there is no ESCO skills of outcome 1

  Scenario: A skill says something even where its words do not
    Given the record has these titles:
      | value       | language |
      | Data ethics | en       |
    And the record has these outcomes:
      | value       | language | skill                                                                  |
      | Data ethics | en       | http://data.europa.eu/esco/skill/12345678-90ab-4cde-8f01-234567890abc   |
    When the record is understood
    Then MC08-OUTCOMES-NOT-REAL is noticed
    And there is 1 outcome
    And the ESCO skills of outcome 1 are:
      | http://data.europa.eu/esco/skill/12345678-90ab-4cde-8f01-234567890abc |
