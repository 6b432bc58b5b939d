"""What the elements share: a record on its way (`case`), codes, texts, organisations, refusals.

Nothing here knows a rule of a single element; those stand in the element's own module.
"""
