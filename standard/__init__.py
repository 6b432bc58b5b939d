"""What a catalogue record is: the common standard, and the way from a published value to it.

This room imports nothing of ours. It holds the two shapes of a record (`source_offering`, as published;
`offering`, as catalogued), one module per element of the European approach to micro-credentials
(`elements`), the code lists (`vocabularies`), the understanding of single values (`values`), the way from
one shape to the other (`mapping`), completeness, and the expression in the European Learning Model (`elm`).
"""
