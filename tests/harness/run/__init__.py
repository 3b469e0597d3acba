"""Executes: fragments, notebooks, the search in a browser; and the environments for all that."""
