"""The pages of recommendations and of their follow-up, a module per topic."""
