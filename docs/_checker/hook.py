"""A hook of MkDocs: the checker of `examples/_checker`, for the browser.

Brython runs Python there. It is copied as it is, and what it imports, the rules among it, goes
into one file that it reads instead of asking for one after the other. Brython reads all of it
again each time, so what only people read is left out.
"""

import ast
import json
import shutil
from pathlib import Path

import brython
from mkdocs.config.defaults import MkDocsConfig

ROOT = Path(__file__).parents[2]
BRYTHON = Path(brython.__file__).parent / "data"
NOT_THERE = {"reading", "report"}  # of files
EMPTY = {  # modules of which the rules import names for their annotations alone
    "__future__": "annotations = 1",
    "collections": "pass",
    "collections.abc": "Iterator = None",
    "examples": "pass",
}
PACKAGES = {"collections", "examples", "examples._checker", "examples._checker.rules"}

Module = list[str | list[str] | bool]


def on_post_build(config: MkDocsConfig) -> None:
    """Put it beside assets/checker.js, which loads it."""
    write(Path(config.site_dir, "assets", "python"))


def write(folder: Path) -> None:
    """Write Brython into a folder, and all that it imports."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(BRYTHON / "brython.js", folder)
    (folder / "modules.js").write_text(f"__BRYTHON__.loadBrythonPackage({json.dumps(modules())})\n")


def modules() -> dict[str, Module]:
    """Each module in the form that Brython loads: its kind, its text, what it imports."""
    texts = dict(EMPTY)
    for path in sorted((ROOT / "examples" / "_checker").rglob("*.py")):
        if path.stem not in NOT_THERE:
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            texts[name.removesuffix(".__init__")] = path.read_text("utf-8")
    for name in "ast", "checker":
        texts[name] = Path(__file__).with_name(f"{name}.py").read_text("utf-8")
    known: dict[str, Module] = {
        name: [".py", short(text), [], name in PACKAGES] for name, text in texts.items()
    }
    return known | {"_ast": _of_brython("_ast")}


def short(text: str) -> str:
    """A module without its comments, docstrings and annotations."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(_Plain().visit(tree))


class _Plain(ast.NodeTransformer):
    """Turns `x: int = 1` into `x = 1`."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def _of_brython(name: str) -> Module:
    """A module of its own standard library."""
    library = (BRYTHON / "brython_stdlib.js").read_text("utf-8")
    start = library.index(f'"{name}": ') + len(f'"{name}": ')
    module: Module = json.JSONDecoder().raw_decode(library, start)[0]
    return module
