"""Judges. Great Expectations lives here and only here.

Suites over source offerings, offerings and the loaded catalogue; the national publication policy (severity
and reason, line by line); the catalogue of finding codes; verdicts. Importing this package must stay cheap:
Great Expectations itself takes seconds to import and is imported only when something is judged.
"""
