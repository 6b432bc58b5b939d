"""Benchmark of the trust half: a register as large as DEQAR will be, and a catalogue whose offerings rest on it.

`generator` makes both, the same on every machine; `passes` measures pull, read, load, link and recompute, each way in a
process of its own; `python -m benchmarks.register` runs all of it and writes the table.
"""
