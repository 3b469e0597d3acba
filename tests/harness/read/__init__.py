"""Reads what stands on the site into plain data, and finds what is wrong with it; runs nothing."""
