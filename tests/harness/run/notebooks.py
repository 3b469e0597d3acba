"""Executes a notebook, and gives its cells with what they print."""

import asyncio
import atexit
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient

from examples import _interrupts
from tests.harness import work
from tests.harness.read.model import digest
from tests.harness.read.site import ROOT
from tests.harness.run.kernel import Kernel

RICH = ["text/markdown", "text/html"]
"""Outputs that a page shows as they are, and not as code: tables and drawings."""

PAUSE = 0.2  # seconds between two looks for a signal
GENTLE = 10  # of them, in which a kernel may end by itself
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows, the latter kills


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook as it is stored."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def execute(path: Path, method: str) -> nbformat.NotebookNode:
    """Run a notebook in a copy of its folder, with `method` as the default start method.

    Beside the copy is one of the programs, where the site has them.

    An error in a cell is raised, as nbclient.exceptions.CellExecutionError; and
    a ValueError if the notebook leaves a file behind.
    """
    notebook = read(path)
    for cell in notebook.cells:
        cell.metadata.pop("tags", None)  # one would skip it, another allow an error
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with _interrupts.held(), tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        root = path.parents[2]
        folder = Path(shutil.copytree(path.parent, scratch / path.parent.relative_to(root)))
        programs = root / "examples" / path.parent.name
        if programs.is_dir():
            shutil.copytree(programs, scratch / programs.relative_to(root))
        before = {p.name for p in folder.iterdir()}
        where = {"metadata": {"path": folder}}
        client = NotebookClient(
            notebook, Kernel(method), resources=where, timeout=60, coalesce_streams=True
        )
        # In a thread: in the main one, nbclient would take our signals from us.
        list(work.each(lambda client: asyncio.run(_execute(client)), [client]))
        left = {p.name for p in folder.iterdir()} - before
    if left:
        raise ValueError(f"{path.name} left a file behind: {', '.join(sorted(left))}")
    return notebook


async def _execute(client: NotebookClient) -> None:
    """Execute all cells; on a signal, end the kernel and what it has started."""
    cells = asyncio.ensure_future(client.async_execute(cleanup_kc=True))
    signals = iter([signal.SIGTERM] * GENTLE)
    while not (await asyncio.wait([cells], timeout=PAUSE))[0]:
        if _interrupts.received and client.km and client.km.has_kernel:
            await ensure_async(client.km.signal_kernel(next(signals, KILL)))
    atexit.unregister(client._cleanup_kernel)  # left where a kernel ended before it was ready
    await cells


def cells(path: Path, notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Source and output of each code cell, in order.

    Raises ValueError, with the remedy, for an output that is not text.
    """
    found: list[tuple[str, str]] = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            name = f"{path.name}:cell {len(found) + 1}"
            found.append((cell.source, "".join(_text(name, output) for output in cell.outputs)))
    return found


def code_blocks(notebook: nbformat.NotebookNode) -> list[str]:
    """What a page shows as code: each source, and each output that is text."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found.append(cell.source + "\n")
            found += [_text("", o) for o in cell.outputs if not set(RICH) & set(o.get("data", ()))]
    return found


def _text(name: str, output: Any) -> str:
    """What an output shows: what was printed, a table or drawing, or a value's text form."""
    if output.output_type == "stream" and output.name == "stdout":
        return str(output.text)
    if output.output_type == "execute_result":
        for kind in RICH:
            if set(output.data) == {kind, "text/plain"}:
                return f"{output.data[kind]}\n"
        if set(output.data) == {"text/plain"}:
            return f"{output.data['text/plain']}\n"
    kind = output.get("name") or ", ".join(output.get("data", [])) or output.output_type
    raise ValueError(f"{name}: an output of the kind {kind}; print text instead")


def modules() -> str:
    """The text of what notebooks read, on which their outputs depend."""
    beside = [*(ROOT / "docs").glob("[!_]*/*.py"), *(ROOT / "docs").glob("[!_]*/*.json")]
    measured = (ROOT / "examples" / "costs").glob("*")
    paths = sorted([*beside, *(path for path in measured if path.is_file())])
    return "".join(path.read_text("utf-8") for path in paths)


def cell_hash(source: str, output: str) -> str:
    """Of a cell, what it shows, and the modules that it may use."""
    return digest(source, output, modules())
