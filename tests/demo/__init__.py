"""Tests of the demo: what the fictional institutions offer, how it is served, and what the pipeline makes of it."""
