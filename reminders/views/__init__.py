"""The pages of messages, one module for each kind of page."""
