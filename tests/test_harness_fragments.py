"""A fragment that pytest-examples would wave through is refused."""

from pathlib import Path

import pytest
from pytest_examples import CodeExample, EvalExample

from tests.test_fragments import check


@pytest.mark.parametrize(
    "source, what",
    [
        ("print(2 + 2)\n#> 4\n", ""),
        ("print(2 + 2)\n#> 5\n", "-#> 5"),
        ("def f():\n    print(1)\n    #> 1\n", "1 lines of #>, and 0 prints ran"),
        ("for n in 1, 2:\n    print(n)\n    #> 1\n    #> 2\n", ""),
        ("value = 2 + 2  #> 5\n", "a #> behind code"),
        ('print("a\\nb")\n"""\na\nb\n"""\n', "a text that stands alone"),
        ("print(1, end='')\n#> 1\n", "a print with end, file or sep"),
        ("print({8, 1})\n#> {1, 8}\n", "prints a set"),
        ("print(object())\n#> 0\n", "-#> 0"),
        ("raise ValueError('bad order')\n", "ValueError: bad order"),
    ],
)
def test_what_is_wrong_with_a_fragment(
    tmp_path: Path, eval_example: EvalExample, source: str, what: str
) -> None:
    example = CodeExample.create(source, path=tmp_path / "page.md")
    found = check(example, eval_example)
    assert what in found
    assert bool(found) == bool(what)
