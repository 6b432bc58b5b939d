"""The elements, specified in tests/features and run by the steps in steps.py."""
