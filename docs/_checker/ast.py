"""What of Python's module `ast` the checker needs, in the browser."""

import _ast
from _ast import *  # noqa: F403


def parse(text):
    """The tree of a program."""
    return compile(text, "<text>", "exec", _ast.PyCF_ONLY_AST)


def iter_child_nodes(node):
    """The nodes that stand in this one, in the order of the text."""
    for name in node._fields:
        field = getattr(node, name, None)
        for part in field if isinstance(field, list) else [field]:
            if hasattr(part, "_fields"):
                yield part


def walk(node):
    """The node, and all that stand in it."""
    todo = [node]
    while todo:
        node = todo.pop()
        todo.extend(iter_child_nodes(node))
        yield node
