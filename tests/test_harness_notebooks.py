"""A notebook that leaves something behind, or shows what cannot be compared, is refused."""

import html
import json
import re
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs_jupyter.config import settings
from nbclient import NotebookClient
from nbconvert.nbconvertapp import NbConvertApp

from tests.harness.read.site import ROOT
from tests.harness.run import notebooks
from tests.test_harness_site import make
from tests.test_harness_update import NOTEBOOK


def book(root: Path, *lines: str) -> Path:
    """A notebook of one cell."""
    path = root / "docs" / "a" / "tour.ipynb"
    code = json.dumps("\n".join(lines))[1:-1]
    make(root, {"docs/a/tour.ipynb": NOTEBOOK.replace("CODE", code)})
    return path


def printed(path: Path) -> str:
    """What the cell of a notebook prints when it is executed."""
    ((_, output),) = notebooks.cells(path, notebooks.execute(path, "spawn"))
    return output


@pytest.fixture
def settings_of_a_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of which would stop a notebook, or change what it prints."""
    home = tmp_path / "home"
    broken = "raise SystemExit('read the settings of the user')\n"
    kernel = {"argv": ["no-such-python"], "display_name": "Mine", "language": "python"}
    files: dict[str, str | bytes | None] = {
        "home/.ipython/profile_default/ipython_config.py": broken,
        "home/.ipython/profile_default/startup/00.py": broken,
        "home/.jupyter/jupyter_nbconvert_config.py": broken,
        "home/jupyter/kernels/python3/kernel.json": json.dumps(kernel),
        "home/modules/random.py": broken,
        "home/startup.py": broken,
    }
    make(tmp_path, files)
    for name, value in {
        "HOME": home,
        "IPYTHONDIR": home / ".ipython",
        "JUPYTER_CONFIG_DIR": home / ".jupyter",
        "JUPYTER_PATH": home / "jupyter",
        "PYTHONOPTIMIZE": "2",
        "PYTHONPATH": home / "modules",
        "PYTHONSTARTUP": home / "startup.py",
    }.items():
        monkeypatch.setenv(name, str(value))


def test_a_notebook_that_leaves_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"tour\.ipynb left a file behind: left"):
        printed(book(tmp_path, "open('left', 'w').close()"))


ABOUT = "import random, sys", "assert not sys.flags.optimize", "print(sys.executable)"


def test_no_setting_of_the_user_reaches_a_notebook(
    tmp_path: Path, settings_of_a_user: None
) -> None:
    assert printed(book(tmp_path, *ABOUT)) == f"{sys.executable}\n"


CONNECTION = (
    "import ipykernel.connect as c",
    "print(c.get_connection_info(unpack=True)['transport'])",
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no other way to reach it")
def test_a_notebook_is_reached_without_a_port(tmp_path: Path) -> None:
    assert printed(book(tmp_path, *CONNECTION)) == "ipc\n"


def test_a_long_path_for_temporary_files_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path, "print(4)")
    for temporary in tmp_path / "short", tmp_path / ("long and not ASCII: \u00e4" * 5):
        temporary.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        assert printed(path) == "4\n"
        assert list(temporary.iterdir()) == []


PIECES = "print(4, end='', flush=True)\nprint()"


def test_what_is_printed_in_pieces_is_one_output(tmp_path: Path) -> None:
    executed = notebooks.execute(book(tmp_path, PIECES), "spawn")
    assert notebooks.code_blocks(executed)[1:] == ["4\n"]


def test_what_is_printed_in_pieces_is_built_as_one_output(tmp_path: Path) -> None:
    pieces = nbformat.reads(NOTEBOOK, as_version=4)
    end = nbformat.v4.new_output("stream", name="stdout", text="\n")
    pieces.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="4"), end]
    assert built(tmp_path, pieces, "false") == ["CODE\n", "4\n"]


def test_no_setting_of_the_user_reaches_the_build(tmp_path: Path, settings_of_a_user: None) -> None:
    shown = built(tmp_path, notebooks.read(book(tmp_path, *ABOUT)), "true")
    assert shown[-1] == f"{sys.executable}\n"


def test_code_that_jupyter_hides_is_folded(tmp_path: Path) -> None:
    notebook = nbformat.reads(NOTEBOOK.replace("CODE", "print(4)\\n\\nprint(5)"), as_version=4)
    notebook.cells[1].metadata["jupyter"] = {"source_hidden": True}
    assert built(tmp_path, notebook, "false")[0] == "print(4)\n\nprint(5)\n"
    page = (tmp_path / "site" / "tour" / "index.html").read_text("utf-8")
    folded = page.partition("<details")[2].partition("</details>")[0]
    assert "The code of this cell" in folded
    assert re.sub("<.*?>", "", folded).count("print") == 2


def built(root: Path, notebook: nbformat.NotebookNode, execute: str) -> list[str]:
    """The code blocks of the page that the site's build makes of a notebook."""
    hook = (ROOT / "docs" / "_notebook" / "hook.py").as_posix()
    config = f"""site_name: Made up
theme: mkdocs
hooks: ["{hook}"]
plugins:
  - mkdocs-jupyter: {{include: ["*.ipynb"], execute: {execute}, cache: false}}
markdown_extensions: [pymdownx.details, pymdownx.highlight, pymdownx.superfences]
"""
    make(root, {"mkdocs.yml": config, "docs/tour.ipynb": nbformat.writes(notebook)})
    with pytest.MonkeyPatch.context() as patched:
        for owner, name in [
            (settings, "templates_dir"),
            (NbConvertApp, "load_config_file"),
            (NotebookClient, "create_kernel_manager"),
        ]:
            patched.setattr(owner, name, getattr(owner, name))  # put back at the end
        build(load_config(str(root / "mkdocs.yml")))
    page = (root / "site" / "tour" / "index.html").read_text("utf-8")
    shown = re.findall(r"<code>(.*?)</code>", page, re.DOTALL)
    return [html.unescape(re.sub("<.*?>", "", text)) for text in shown]


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
