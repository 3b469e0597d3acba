"""What a fragment may look like.

pytest-examples compares prints by a `print` of its own, which knows no `end` and
no `file`, sorts sets and rewrites addresses. What it would hide is refused, so that
each `#>` is the output of a print.
"""

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence


def syntax_error(source: str) -> tuple[int, int, str] | None:
    """Line and column, from 1, of what is not Python, and what is wrong there."""
    try:
        compile(source, "<fragment>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error.lineno or 1, error.offset or 1, error.msg
    return None


def faults(source: str) -> Iterator[tuple[int, str]]:
    """The lines, from 1, that pytest-examples would not really compare, and why."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        alone = token.line.lstrip().startswith("#>")
        if token.type == tokenize.COMMENT and "#>" in token.string and not alone:
            yield token.start[0], "a #> behind code; put it on the line under the print"
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.lineno, "a text that stands alone; print one line at a time"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print" and node.keywords:
            yield node.lineno, "a print with end, file or sep; print whole lines only"


def fault_of_arguments(arguments: Sequence[object]) -> str:
    """Why what is printed cannot be compared; nothing if it can."""
    for argument in arguments:
        if isinstance(argument, set | frozenset):
            return "prints a set, whose order is not certain; print it sorted"
        if " at 0x" in str(argument):
            return "prints an address, which differs each time"
        if "\n" in str(argument):
            return "prints more than one line at a time"
    return ""
