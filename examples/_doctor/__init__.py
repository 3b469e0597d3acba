"""Tells what will matter to the processes of a program: `python -m examples doctor`.

`machine` has the facts that everything is told from; a test makes them up. Each function in
`python`, `memory`, `limits`, `processors` and `surroundings` is an item: it takes a machine and
yields lines, none where what it is about does not exist. To add an item, write such a function,
and name it in `report`. Nothing is changed, and no process is started.
"""
