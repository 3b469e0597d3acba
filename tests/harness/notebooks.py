"""Executes a notebook, and gives its cells with what they print."""

import os
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from examples._runner import STARTUP


def read(path: Path) -> nbformat.NotebookNode:
    """The notebook as it is stored."""
    return nbformat.read(path, as_version=4)


def execute(path: Path, method: str) -> nbformat.NotebookNode:
    """Run a notebook in its own folder, with `method` as the default start method.

    An error in a cell is raised, as nbclient.exceptions.CellExecutionError.
    """
    notebook = read(path)
    client = NotebookClient(notebook, resources={"metadata": {"path": path.parent}}, timeout=60)
    started = {"PYTHONPATH": str(STARTUP), "EXAMPLE_START_METHOD": method}
    return client.execute(env=os.environ | started)


def cells(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Source and output of each code cell, in order."""
    return [
        (cell.source, "".join(map(_text, cell.outputs)))
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def _text(output: Any) -> str:
    """What an output shows, as text: what was printed, or a value's text form."""
    return output.text if output.output_type == "stream" else output.data["text/plain"] + "\n"
