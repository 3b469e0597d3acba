"""Finds mistakes in programs of several processes: `python -m examples check FILE...`.

`program` has what the rules see of a file, and `names` what Python's own names make. `rules/` has
one rule a file, which has the name of the page that explains it. `report` reads files and prints
what the rules find. Nothing that is checked is imported or run.
"""
