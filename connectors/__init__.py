"""Pulls feeds and reads formats. Knows protocols and structure; nothing of the database or of judging.

`feeds` is the contract with a source, `http` the careful way to its bytes, `snapshots` where the bytes are
kept as they came, `paging` how a list is walked to its true end, `formats` one module per format. A format
only *finds* values; what a value *means* is for `standard`.
"""
