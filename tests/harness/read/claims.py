"""What ties the statements of a page to what proves them: `tests/claims/<page>.py`.

A function there quotes one or more statements in its docstring, and its body is the
proof: calls of `shown`, or a check with `assert` or `raises`; or, of what is no fact,
`no_fact` with the reason. A statement that links to its source needs none, nor does a
message that is looked up: each is printed by a program of the page that it leads to.
"""

import ast
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from tests.harness.read import messages
from tests.harness.read.checks import TEMPLATE
from tests.harness.read.model import Site, Tie
from tests.harness.read.pages import read_fences
from tests.harness.read.statements import (
    Statement,
    read_statements,
    statements_of,
    text_of_notebook,
)

KINDS = ["shown", "checked", "sourced", "no fact"]
LOOSE = "loose"


@dataclass(frozen=True)
class Claim:
    """A function of `tests/claims`."""

    line: int
    name: str
    statements: tuple[str, ...]
    kind: str
    """Of KINDS; empty if its body proves nothing."""


def file_of(site: Site, page: Path) -> Path:
    """Where the claims of a page stand: those of `moving-to-3.14.md` in `moving_to_3_14.py`."""
    return site.root / "tests" / "claims" / f"{module_of(page.stem)}.py"


def module_of(page: str) -> str:
    """The name of a page, as a module may have it."""
    return page.replace("-", "_").replace(".", "_")


def name_of(path: Path) -> str:
    """What the test of a file of claims is called, as its page is."""
    return path.stem.replace("_", "-")


def tie(site: Site) -> list[Tie]:
    """How each statement of the site is tied; report what is wrong with the ties."""
    ties = []
    everywhere = {page: read_statements(site.read(page), site.fences[page]) for page in site.fences}
    for path in site.notebooks:
        text = text_of_notebook(site.read(path))
        everywhere[path] = read_statements(text, read_fences(text.splitlines(), path.name)[0])
    looked_up = {row.line for row in messages.rows(site) if row.table == messages.PRINTED}
    files = set((site.root / "tests" / "claims").glob("[!_]*.py"))  # a made-up site may have none
    stray = set(files)
    for page, statements in everywhere.items():
        path = file_of(site, page)
        stray.discard(path)
        claims = _claims(site, path)
        kinds = {words: claim.kind for claim in claims for words in claim.statements}
        for one in statements:
            is_looked_up = site.relative(page) == messages.PAGE and one.line in looked_up
            by_itself = "sourced" if one.sourced else "shown" if is_looked_up else LOOSE
            kind = kinds.get(one.words) or by_itself
            ties.append(Tie(page, one, kind))
            if kind == LOOSE and files and not TEMPLATE.search(one.words):
                what = f"a statement that nothing proves: {one.words!r}"
                remedy = f"Quote it in a function of {site.relative(path)}, and prove it there"
                site.report(page, one.line, what, remedy)
        _check_quotes(site, path, claims, page, everywhere)
    for path in sorted(stray):
        remedy = "Name it as its page, with _ for each - and ., or delete it"
        site.report(path, 1, "claims of a page that does not exist", remedy)
    return ties


def _claims(site: Site, path: Path) -> list[Claim]:
    """The claims in a file; none if there is no file."""
    text = site.read(path) if path.exists() else ""
    try:
        claims = read_claims(text)
    except SyntaxError as error:
        site.report(path, error.lineno or 1, f"a syntax error: {error.msg}", "Correct it")
        return []
    seen: dict[str, int] = {}
    for claim in claims:
        if not claim.statements:
            what = f"a function without a docstring, {claim.name}"
            remedy = "Quote in it the statement that it proves; or begin its name with _"
            site.report(path, claim.line, what, remedy)
        elif not claim.kind:
            what = f"a check that cannot fail, {claim.name}"
            site.report(path, claim.line, what, "Use assert, raises, shown or no_fact in it")
        for words in claim.statements:
            if words in seen:
                what = f"a statement that is quoted twice, also in line {seen[words]}: {words!r}"
                site.report(path, claim.line, what, "Leave it in one of the two")
            seen[words] = claim.line
    return claims


def _check_quotes(
    site: Site,
    path: Path,
    claims: list[Claim],
    page: Path,
    everywhere: dict[Path, list[Statement]],
) -> None:
    """What is quoted stands on the page, and once."""
    lines: dict[str, list[int]] = {}
    for one in everywhere[page]:
        lines.setdefault(one.words, []).append(one.line)
    for claim in claims:
        for words in claim.statements:
            if words not in lines:
                what = f"a statement that {site.relative(page)} does not have: {words!r}"
                homes = (p for p, there in everywhere.items() if words in (s.words for s in there))
                near = get_close_matches(words, lines, 1, 0.5)
                remedy = "Delete it"
                if home := next(homes, None):
                    remedy = f"It stands in {site.relative(home)}: move it to that page's file"
                elif near:
                    remedy = f"Look whether it still proves what stands there now: {near[0]!r}"
                site.report(path, claim.line, what, remedy)
            elif len(lines[words]) > 1 and claim.kind != "no fact":
                where = " and ".join(map(str, lines[words]))
                what = f"a statement that stands in lines {where} of its page: {words!r}"
                site.report(path, claim.line, what, "Say it once there")


@cache
def read_claims(text: str) -> list[Claim]:
    """The functions of a file of claims. Raises SyntaxError."""
    return [
        Claim(
            node.lineno, node.name, tuple(statements_of(ast.get_docstring(node) or "")), _kind(node)
        )
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def _kind(function: ast.FunctionDef) -> str:
    """How a function proves what it quotes; empty if it does not."""
    body = [one for one in function.body if not _is_text(one)]
    calls = {_called(one.value) for one in body if isinstance(one, ast.Expr)}
    if body and len(calls) == 1 and all(isinstance(one, ast.Expr) for one in body):
        if calls == {"shown"}:
            return "shown"
        if calls == {"no_fact"}:
            return "no fact"
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return "checked"
        if isinstance(node, ast.withitem) and _called(node.context_expr) == "raises":
            return "checked"
    return ""


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _called(node: ast.expr) -> str:
    """The name of what an expression calls; empty if it calls nothing by a name."""
    return getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
