"""Functions and classes of a script, in tasks of a sub-interpreter."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import script

PACK = """
BOX = "box"


def pack(item):
    return f"{item} in a {BOX}"
"""

PACK_TWICE = f"""
import boxes
from concurrent.futures import InterpreterPoolExecutor
{PACK}

if __name__ == "__main__":
    with InterpreterPoolExecutor(1) as pool:
        print(pool.submit(boxes.pack, "apple").result(), flush=True)
        print(pool.submit(pack, "pear").result())
"""


def _with_boxes(boxes: str, code: str) -> "subprocess.CompletedProcess[str]":
    """Run a program that lies beside a module `boxes`."""
    with TemporaryDirectory() as folder:
        Path(folder, "boxes.py").write_text(boxes, "utf-8")
        Path(folder, "main.py").write_text(code, "utf-8")
        command = [sys.executable, "main.py"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def cannot_run(first: str) -> bool:
    """Whether a script with this first line cannot be run once more: a task of a module is done,
    one of the script raises what names the function, and not the error of the run.
    """
    ran = _with_boxes(PACK, first + PACK_TWICE)
    above, _, below = ran.stderr.partition("NotShareableError: object could not be unpickled")
    return (
        ran.stdout == "apple in a box\n"
        and "AttributeError: module '__main__' has no attribute 'pack'" in above
        and "NotShareableError: args not shareable" in below
        and "ImportError" not in ran.stderr
    )


OF_THE_SCRIPT = """
from concurrent.futures import InterpreterPoolExecutor
from dataclasses import dataclass


@dataclass
class Box:
    content: str


def pack(item):
    return Box(item)


def content(box):
    return isinstance(box, Box) and box.content


if __name__ == "__main__":
    with InterpreterPoolExecutor(1) as pool:
        print(pool.submit(content, Box("apple")).result())
        try:
            print(pool.submit(pack, "pear").result())
        except Exception as error:
            print(type(error).__name__, error.__cause__)
"""


def returns_a_class_of_a_module_only() -> bool:
    """Whether an object of a class of the script is an argument, and no result."""
    told = "Box(content='pear') does not support cross-interpreter data"
    for module in False, True:
        first, second = script(OF_THE_SCRIPT, module=module).stdout.splitlines()
        if first != "apple" or not second.startswith("NotShareableError") or told not in second:
            return False
    code = OF_THE_SCRIPT.partition("@dataclass")[0] + "from boxes import Box, content, pack"
    code += "\n\n\nif __name__" + OF_THE_SCRIPT.partition("if __name__")[2]
    return _with_boxes(OF_THE_SCRIPT, code).stdout == "apple\nBox(content='pear')\n"
