"""Demonstration data from YAML, and generated data of any size. On top of all other apps; nothing imports it."""
