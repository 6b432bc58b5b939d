Feature: Picture
  A web address of a picture, or nothing.

  Scenario: A web address
    Given the record has the image "https://www.example.org/4711.jpg"
    When the record is understood
    Then the image is "https://www.example.org/4711.jpg"

  Scenario: A picture inside the record is not copied
    Given the record has the image "data:image/png;base64,AAAA"
    When the record is understood
    Then there is no image
    And MC17-IMAGE-UNREADABLE is noticed
