"""Judged queries: what people type, which offerings should come, and how near the search comes to that.

`queries/*.yaml` are the judgements, made by reading the offerings; `corpus/*.yaml` are fictional institutions beside
those of the demo, so that there is something to find in every language; `floors.yaml` is what was reached and must
not be lost again. `python -m tests.judged` prints the measures. See the README of this folder.
"""
