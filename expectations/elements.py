"""The elements of the European approach to micro-credentials by number: headings of policy and findings page."""

ELEMENTS = {
    0: "identity and structure",
    1: "learner (belongs to a credential, never to an offering)",
    2: "title",
    3: "country or region",
    4: "awarding body and provider",
    5: "date of issuing (belongs to a credential, never to an offering)",
    6: "workload",
    7: "level",
    8: "learning outcomes",
    9: "form of participation",
    10: "prerequisites",
    11: "type of assessment",
    12: "supervision and identity verification",
    13: "quality assurance",
    14: "grade (achieved: belongs to a credential; grading scheme: welcome)",
    15: "integration and stackability",
    16: "further information",
    17: "beyond the sixteen",
}
