"""Holds the calls that pages present against those that this Python has."""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.harness.read.calls import Call, Thing
from tests.harness.read.versions import THIS, named
from tests.harness.run import things
from tests.harness.run.things import Offer

PYTHON = f"Python {named(THIS)}"
CONSTANT = re.compile(r"=([A-Z_]+)$")  # whose value is a text, its name
Fault = tuple[str, str]
"""What is wrong, and the remedy."""


def wrong_calls(
    thing: Thing, pages: Mapping[Path, Sequence[Thing]]
) -> Iterator[tuple[int, str, str]]:
    """What is not as in this Python: each with its line, and the remedy.

    `pages` has what each page presents: those to which `thing` links for all others.
    """
    real = things.offer(thing.about) if thing.about else None
    for call in thing.calls:
        if fault := wrong(call, real):
            yield call.line, *fault
    if real and thing.line:
        shown = {call.name.rpartition(".")[2] for call in thing.calls}
        names = [name for name in real.public if name not in shown]
        if left := [name for name in names if not elsewhere(name, thing, pages)]:
            what = f"a table that leaves out what {thing.about} has in {PYTHON}"
            remedy = 'Give each a row, or write "all others" into one, with a link to them'
            yield thing.line, f"{what}: {', '.join(left)}", remedy


def elsewhere(name: str, thing: Thing, pages: Mapping[Path, Sequence[Thing]]) -> bool:
    """Whether a page to which a thing links for all others has a name; Python's own has all."""
    for link in thing.others:
        other = (thing.page.parent / link).resolve()
        calls = [call for one in pages.get(other, []) for call in one.calls]
        if "://" in link or any(call.name == name for call in calls):
            return True
    return False


def wrong(call: Call, real: Offer | None) -> Fault | None:
    """What is wrong with a call of something real, or of the modules."""
    name = call.name if real is None else call.name.rpartition(".")[2]
    try:
        told = things.parameters(things.find(name)) if real is None else real.members[name]
    except LookupError:
        if THIS not in call.pythons or (real and f"__{name}__" in real.members):
            return None
        remedy = 'Correct it, or say behind it which has: ", Python 3.14 and later"'
        return f"{PYTHON} has no {call.code}", remedy
    if THIS not in call.pythons:
        what = f"{PYTHON} has {name}, too, which here is of Python {call.pythons}"
        return what, "Correct the releases"
    if told is None:
        return (f"{name} is not called", f"Write {name}") if "(" in call.code else None
    if call.is_example and real is None:
        return misused(call)
    return mistold(call, name, told)


def mistold(call: Call, name: str, told: Sequence[Sequence[str]]) -> Fault | None:
    """What is wrong with the parameters of a call, held against each way that Python tells."""
    if call.parameters is not None and (not told or any(agree(call.on(THIS), way) for way in told)):
        return None
    what = (
        f"{call.code} is not how {PYTHON} has it, {name}({', '.join(told[0] if told else ['...'])})"
    )
    return what, "Write it as Python has it; ... stands for parameters that you leave out"


def agree(shown: Sequence[str], told: Sequence[str]) -> bool:
    """Whether parameters are shown as Python tells them, with others from the first `...` on."""
    if "..." not in shown:
        return len(shown) == len(told) and all(map(same, shown, told))
    gap = shown.index("...")
    others = iter(told[gap:])
    return agree(shown[:gap], told[:gap]) and all(
        any(same(one, other) for other in others) for one in shown[gap:] if one != "..."
    )


def same(shown: str, told: str) -> bool:
    """Whether a parameter is shown as Python tells it; `=...` is any default, told or not."""
    if "=..." in (shown[-4:], told[-4:]):
        return shown.partition("=")[0] == told.partition("=")[0]
    return CONSTANT.sub(r"='\1'", shown.replace('"', "'")) == told


def misused(call: Call) -> Fault | None:
    """What is wrong with an example of a call, such as `Value("i", 0)`."""
    try:
        node = ast.parse(call.code, mode="eval").body
        signature = inspect.signature(things.find(call.name))
        assert isinstance(node, ast.Call)
        signature.bind(*node.args, **{str(one.arg): one.value for one in node.keywords})
    except SyntaxError:
        return f"{call.code} is not Python", "Correct it"
    except TypeError as error:
        return f"{call.code} is not possible in {PYTHON}: {error}", "Correct it"
    except ValueError:
        pass  # Python does not tell
    return None
