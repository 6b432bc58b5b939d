"""The demo: six fictional institutions of one country, served on loopback, partly flawed on purpose.

`content/*.yaml` holds what they offer, `rendering` turns it into the formats real sources speak (with their
habits and their faults), `server` answers on loopback, and `run` sends the whole pipeline over it. Nothing of
the demo is used when real feeds are run.
"""
