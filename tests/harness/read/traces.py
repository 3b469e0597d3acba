"""What a page shows of the processes of a program, step by step: a text in a file beside it.

`examples/_trace/text.py` says what it looks like. It is compared step by step, with what had to
come before each; under the second title only what each process does, in its own order.
"""

import re

TITLES = {"What its processes do": False, "What its processes did in one run": True}
"""The words over it, and whether the order between the processes may differ in another run."""
SUFFIX = ".trace"
"""How the name of its file ends."""
ORDER = re.compile(r"^ *\d+  |, after \d+(?: and \d+)*", re.MULTILINE)


def comparable(text: str, in_one_run: bool) -> str:
    """What of it is compared."""
    return ORDER.sub("", text) if in_one_run else text
