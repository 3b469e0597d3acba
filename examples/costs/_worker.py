"""Measures one group, in a process of its own; started by `_measure.py`.

It imports nothing at the top: a process that it starts imports this file, and
that would be measured too.
"""

if __name__ == "__main__":
    from _timing import main

    main()
