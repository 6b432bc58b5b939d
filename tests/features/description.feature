Feature: Description
  Plain text with its paragraphs, in the languages of the source.

  Scenario: HTML becomes text
    Given the record has this description in "en":
      """
      <p>For people who work with data.</p><p>No programming needed.</p>
      """
    When the record is understood
    Then the description in "en" is "For people who work with data.\n\nNo programming needed."

  Scenario: A script is taken out and noticed
    Given the record has this description in "en":
      """
      <p>For people who work with data.</p><script>steal()</script>
      """
    When the record is understood
    Then the description in "en" is "For people who work with data."
    And MC17-DESCRIPTION-ACTIVE-CONTENT is noticed

  Scenario: A text that is not in its stated language is noticed and stays where it was published
    Given the record has this description in "nl":
      """
      This course introduces people who work with data to the ethical questions of their profession. You will read
      well known cases, discuss them with others, and learn how to argue for a decision in front of colleagues who
      do not share your view. There is no examination, but there is a lot of reading to be done every week.
      """
    When the record is understood
    Then MC17-DESCRIPTION-LANGUAGE-CONTRADICTED is noticed with tag "nl"
    And there is a description in 1 language

  Scenario: A text that begins in its stated language may go on in another
    Given the record has this description in "en":
      """
      This course introduces people who work with data to the ethical questions of their profession. You will read
      well known cases, discuss them with others, and learn how to argue for a decision in front of colleagues who
      do not share your view. De cursus wordt gegeven in het Engels, maar de opdrachten mogen in het Nederlands worden
      ingeleverd. Er is geen examen, maar er moet elke week veel gelezen worden, en wie dat niet doet, haalt het niet.
      """
    When the record is understood
    Then nothing is noticed

  Scenario: The same text under two languages is noticed
    Given the record has these descriptions:
      | value                                                                     | language |
      | An introduction to the ethical questions of everyday work with data.      | en-GB    |
      | An introduction to the ethical questions of everyday work with data.      | nl-NL    |
    When the record is understood
    Then there is a description in 2 languages
    And MC17-DESCRIPTION-LANGUAGE-CONTRADICTED is noticed

  Scenario: A description that only repeats the title is noticed
    Given the record has the title "Data ethics"
    And the record has the descriptions "Data Ethics"
    When the record is understood
    Then MC17-DESCRIPTION-REPEATS-TITLE is noticed
