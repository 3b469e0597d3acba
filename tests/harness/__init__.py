"""Reads the site, runs what it shows, and holds the one against the other.

Five floors; each imports only from those above it in this list, and from `work`:

- `read`: what stands on the site, as plain data, and what is wrong with it
- `run`: executes fragments, notebooks and the site's search
- `compare`: a run held against what its page shows
- `tell`: results, and the stamps that the site makes of them
- `tools`: the commands of contributors, one file each
"""
