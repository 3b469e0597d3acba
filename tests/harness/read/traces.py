"""What a page shows of the processes of a program, step by step: a text in a file beside it.

`examples/_trace/text.py` says what it looks like. It is compared step by step, with what had to
come before each; under the second title only what each process does, in its own order.
"""

import re

from examples._trace.steps import TASKS

TITLES = {"What its processes do": False, "What its processes did in one run": True}
"""The words over it, and whether the order between the processes may differ in another run."""
SUFFIX = ".trace"
"""How the name of its file ends."""
ORDER = re.compile(r"^ *\d+  |, after \d+(?: and \d+)*", re.MULTILINE)
"""The order between the processes."""
NOT_A_TASK = {"begins", "ends", "is killed by SIGTERM"}
"""What a worker of a pool does beside its tasks: it may come too late for any of them."""


def comparable(text: str, in_one_run: bool) -> str:
    """What of it is compared.

    How many workers of a pool start, and which one does a task, differs from run to run: the steps
    of all are compared together.
    """
    if not in_one_run:
        return text
    blocks = [block.splitlines() for block in ORDER.sub("", text).strip().split("\n\n")]
    others = [block for block in blocks if not block[0].endswith(f", {TASKS}")]
    names = [block[0].partition(",")[0] for block in others]
    tasks = [step for block in blocks if block not in others for step in block[1:]]
    rest = [
        step
        for block in others
        for step in block
        if not step.startswith("starts ") or step.removeprefix("starts ") in names
    ]
    return "\n".join([*rest, *sorted(step for step in tasks if step not in NOT_A_TASK)])
