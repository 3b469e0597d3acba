"""Whether a worker that sends ends with its parent, although another one goes on."""

from tests.claims import TIME_LIMIT, changed, script

CLOSES = "    for end in ends_of_parent:\n        end.close()\n"
ENDING = f"""
import os
from pathlib import Path
from time import monotonic, sleep

def hold(is_first, connection):
    try:
        while is_first:
            connection.send([])
    except OSError:
        Path("noticed").touch()
    while not Path("over").exists():
        sleep(0.01)
    os._exit(0)

if __name__ == "__main__":
    parent = Process(target=main)
    parent.start()
    parent.join()
    deadline = monotonic() + {TIME_LIMIT / 2}
    while not Path("noticed").exists() and monotonic() < deadline:
        sleep(0.01)
    print(parent.exitcode, Path("noticed").exists())
    Path("over").touch()
"""


def notices_the_end_of_its_parent(program: str, workers: str, connection: str) -> bool:
    """Whether the first worker gets an error in `send()` when the parent has ended.

    The second one, which was started later, sends nothing and is still there. `workers`
    is the name of the dictionary of the program, `connection` that of a worker's end.
    """
    loop = f"    while {workers}:\n"
    hold = f"    hold(len(ends_of_parent) == 1, {connection})\n"
    code = changed(
        program,
        (CLOSES, CLOSES + hold),
        (loop, "    os._exit(7)\n" + loop),
        ('\nif __name__ == "__main__":\n    main()\n', ENDING),
    )
    return script(code).stdout == "7 True\n"
