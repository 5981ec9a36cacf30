"""The report of an inspection: a document object, its PDF, and its publication."""
