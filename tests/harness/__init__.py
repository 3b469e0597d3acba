"""Reads the site, runs what it shows, and holds the one against the other.

- `pages`: what stands in a page: its code fences, and the tabs they are in
- `words`: the words over an output, which say how it is compared
- `versions`: the releases of Python that an output is for
- `site`: all pages with their programs, fragments and notebooks, and what is wrong
- `compare`: a run held against what the page shows
- `results`: what a run of the tests has checked, written and read
- `stamps`: the Markdown extension that puts the results under the outputs
- `notebooks`: cells and outputs of a notebook, and its execution
- `record`: what to record of all that a program printed, and what to refuse
- `pythons`: the Pythons of this machine
- `update`: records outputs anew
- `variants`: records what results files of other machines tell of
- `new`: makes a page from a template
- `watch`: runs what a save touches
"""
