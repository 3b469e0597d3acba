"""A notebook that leaves something behind, or shows what cannot be compared, is refused."""

from pathlib import Path

import nbformat
import pytest

from tests.harness import notebooks
from tests.test_harness_update import NOTEBOOK


def test_a_notebook_that_leaves_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "a" / "tour.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(NOTEBOOK.replace("CODE", "open('left', 'w').close()"), "utf-8")
    with pytest.raises(ValueError, match=r"tour\.ipynb left a file behind: left"):
        notebooks.execute(path, "spawn")


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
