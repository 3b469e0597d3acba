"""Reads the site, runs what it shows, and holds the one against the other.

- `pages`: what stands in a page: its code fences, and the tabs they are in
- `words`: the words over an output, which say how it is compared
- `site`: all pages with their programs, fragments and notebooks, and what is wrong
- `compare`: a run held against what the page shows
- `results`: what a run of the tests has checked, written and read
- `stamps`: the Markdown extension that puts the results under the outputs
- `notebooks`: cells and outputs of a notebook, and its execution
- `update`: records outputs anew
- `new`: makes a page from a template
- `watch`: runs what a save touches
"""
