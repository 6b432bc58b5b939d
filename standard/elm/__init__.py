"""The European Learning Model: an offering as JSON-LD (`jsonld`), and what it must hold to be valid
(`conformance`).

Facts: ELM ontology 3.1.0 and its profile for learning opportunities and qualifications (LOQ 1.1.0), as
published by the European Commission; version 3.3 differs in its namespace (`namespaces`).
"""
