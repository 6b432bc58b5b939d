"""The standard: mapping, selection, completeness, ELM."""
