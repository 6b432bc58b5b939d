"""Benchmarks: how fast each step is and how much memory it takes. `make bench` runs them; tests never assert times."""
