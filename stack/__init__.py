"""Starting and supervising what Assay runs on: for the demo, for development, for tests and benchmarks.

Nothing in here knows what is inspected; production does not need it (docs/operations.md).
"""
