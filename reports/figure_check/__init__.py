"""Finds the sentences of a report that state counts, and holds them against the counted ones (domain rule 2)."""
