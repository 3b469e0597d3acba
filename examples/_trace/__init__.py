"""Makes a timeline of what the processes of a run did, of what `_startup/_trace.py` noted.

- `events`: reads what was noted
- `naming`: the names that objects have in the program
- `steps`: what each process did, and what had to come before
- `text`: the timeline as a text, a block for each process, and back
- `drawing`: the picture of such a text
- `page`: a page of its own, with the times
- `report`: the command
"""
