"""Frameworks (methodology as data), inspections and their stages, deadlines and the rules of dates."""
