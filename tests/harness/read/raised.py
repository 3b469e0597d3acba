"""The messages in the source of multiprocessing and of process pools, as this Python has it.

What a module raises, asserts, warns of, logs as a warning or worse, or writes to
standard error. The source is read, not run, so that what happens on another system
only is found as well. What is filled in when it happens is `...`.
"""

import ast
import concurrent.futures
import multiprocessing
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOTS = "..."
ERROR = re.compile(r"(Error|Exception)$|^Broken")
TELLS = {"warn", "_warn", "sub_warning", "warning", "error", "exception", "critical"}
FIELD = re.compile(r"%(?:\(\w+\))?[-#0-9.]*[a-zA-Z]|{[^{}]*}")
WORD = re.compile(r"[A-Za-z]{2}")
Values = dict[str, list[ast.expr]]


@dataclass(frozen=True, order=True)
class Message:
    """A message in the source; of one that has several lines, the first."""

    path: str
    """The file, from the folder of the standard library on."""
    line: int
    kind: str
    """The exception, or the function that is called with the message."""
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind}: {self.text}"


def messages() -> list[Message]:
    """All messages of this Python."""
    library = Path(multiprocessing.__file__).parents[1]
    futures = Path(concurrent.futures.__file__).parent
    files = sorted((library / "multiprocessing").rglob("*.py"))
    return [
        message
        for path in [*files, futures / "_base.py", futures / "process.py"]
        for message in read(path.relative_to(library).as_posix(), path.read_text("utf-8"))
    ]


def read(path: str, source: str) -> list[Message]:
    """The messages in the source of a module."""
    tree = ast.parse(source)
    values = assigned(tree)
    found = {
        Message(path, said.lineno, kind, FIELD.sub(DOTS, line) if kind in TELLS else line)
        for kind, said in tellings(tree)
        for text in texts(said, values)
        if WORD.search(text) and (line := text.strip().splitlines()[0])
    }
    return sorted(found)


def tellings(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What may be a message, each with what tells it."""
    for node in ast.walk(tree):
        match node:
            case ast.Assert(msg=ast.expr() as said):
                yield "AssertionError", said
            case ast.Raise(exc=ast.Call(func=function, args=arguments)):
                yield from ((name(function), said) for said in arguments)
            case ast.Call(func=function, args=arguments) if ERROR.search(name(function)):
                yield from ((name(function), said) for said in arguments)
            case ast.Call(func=function, args=[said, *_]) if name(function) in TELLS:
                yield name(function), said
            case ast.Call(func=function, args=[said, *_], keywords=keywords):
                where = [function, *(keyword.value for keyword in keywords)]
                if any("stderr" in ast.unparse(one) for one in where):
                    yield "stderr", said
            case ast.ClassDef(name=kind) if ERROR.search(kind):
                returns = [n for n in ast.walk(node) if isinstance(n, ast.Return)]
                yield from ((kind, one.value) for one in returns if one.value)


def texts(node: ast.expr, values: Values) -> list[str]:
    """What an expression can be, with dots for what is not known before it runs."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(texts(part, {})[0] for part in parts)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [a + b for a in texts(left, values) for b in texts(right, values)]
        case (
            ast.BinOp(left=text, op=ast.Mod())
            | ast.Call(func=ast.Attribute(value=text, attr="format"))
        ):
            return [FIELD.sub(DOTS, one) for one in texts(text, values)]
        case ast.Name() | ast.Attribute() if name(node) in values:
            return [text for value in values[name(node)] for text in texts(value, {})]
    return [DOTS]


def assigned(tree: ast.AST) -> Values:
    """All that is assigned to each name of a module, as `text` or as the `text` of an object."""
    found: Values = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                found.setdefault(name(target), []).append(node.value)
    return found


def name(node: ast.AST) -> str:
    """The last part of a name; nothing for what has none."""
    return ast.unparse(node).rpartition(".")[2]
