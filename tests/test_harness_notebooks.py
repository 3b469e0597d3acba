"""A notebook that leaves something behind, or shows what cannot be compared, is refused."""

import re
from pathlib import Path

import nbformat
import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs_jupyter.config import settings

from tests.harness import notebooks
from tests.harness.site import ROOT
from tests.test_harness_site import make
from tests.test_harness_update import NOTEBOOK


def test_a_notebook_that_leaves_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "a" / "tour.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(NOTEBOOK.replace("CODE", "open('left', 'w').close()"), "utf-8")
    with pytest.raises(ValueError, match=r"tour\.ipynb left a file behind: left"):
        notebooks.execute(path, "spawn")


PIECES = "print(4, end='', flush=True)\\nprint()"


def test_what_is_printed_in_pieces_is_one_output(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "a" / "tour.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(NOTEBOOK.replace("CODE", PIECES), "utf-8")
    book = notebooks.execute(path, "spawn")
    assert notebooks.code_blocks(book)[1:] == ["4\n"]


def test_what_is_printed_in_pieces_is_built_as_one_output(tmp_path: Path) -> None:
    book = nbformat.reads(NOTEBOOK, as_version=4)
    end = nbformat.v4.new_output("stream", name="stdout", text="\n")
    book.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="4"), end]
    hook = (ROOT / "docs" / "_notebook" / "hook.py").as_posix()
    config = f"""site_name: Made up
theme: mkdocs
hooks: ["{hook}"]
plugins:
  - mkdocs-jupyter: {{include: ["*.ipynb"], execute: false, cache: false}}
markdown_extensions: [pymdownx.highlight, pymdownx.superfences]
"""
    make(tmp_path, {"mkdocs.yml": config, "docs/tour.ipynb": nbformat.writes(book)})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settings, "templates_dir", settings.templates_dir)  # put back at the end
        build(load_config(str(tmp_path / "mkdocs.yml")))
    page = (tmp_path / "site" / "tour" / "index.html").read_text("utf-8")
    shown = re.findall(r"<code>(.*?)</code>", page, re.DOTALL)
    assert [re.sub("<.*?>", "", text) for text in shown] == ["CODE\n", "4\n"]


@pytest.mark.parametrize(
    "output, kind",
    [
        pytest.param({"output_type": "stream", "name": "stderr", "text": "4"}, "stderr", id="err"),
        pytest.param(
            {"output_type": "display_data", "data": {"image/png": "4"}, "metadata": {}},
            "image/png", id="picture",
        ),
        pytest.param(
            {"output_type": "execute_result", "data": {"text/latex": "4"}, "metadata": {}},
            "text/latex", id="value",
        ),
        pytest.param(
            {"output_type": "error", "ename": "KeyError", "evalue": "4", "traceback": []},
            "error", id="error",
        ),
    ],
)  # fmt: skip
def test_an_output_that_is_no_text_is_refused(output: dict[str, object], kind: str) -> None:
    notebook = nbformat.reads(NOTEBOOK, as_version=4)
    notebook.cells[1].outputs = [nbformat.from_dict(output)]
    with pytest.raises(ValueError, match=rf"tour\.ipynb:cell 1: an output of the kind {kind}; "):
        notebooks.cells(Path("tour.ipynb"), notebook)
