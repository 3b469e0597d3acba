"""Holds a run against what the page shows, and says what of it to record."""
