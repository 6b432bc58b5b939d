"""Tests of the connector to DEQAR."""
