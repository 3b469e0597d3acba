"""What docs/examples/tour.ipynb says."""

import ast
import json
import sys
from ctypes import c_double, c_int
from multiprocessing import Array, Manager, Pool, Process, Queue, Value, current_process
from multiprocessing.managers import BaseProxy
from typing import Any

from tests.claims import ROOT, no_fact, raises, shown
from tests.claims._recorders import calls_of

DOCS = ROOT / "docs"
CELLS = json.loads((DOCS / "examples" / "tour.ipynb").read_text("utf-8"))["cells"]

numbers = [0]


def _shown(code: str) -> str:
    """What a cell with this code shows: tests/test_notebooks.py compares it with a run."""
    (cell,) = (
        one for one in CELLS if one["cell_type"] == "code" and code in "".join(one["source"])
    )
    (output,) = cell["outputs"]
    return "".join(output["text"] if "text" in output else output["data"]["text/plain"])


def _change() -> None:
    numbers[0] += 1
    assert numbers == [1]


def _run(target: Any, *args: Any) -> None:
    worker = Process(target=target, args=args)
    worker.start()
    worker.join()
    assert worker.exitcode == 0


def variables_of_its_own() -> None:
    """Each process has variables of its own: if one process changes them, the others do not see
    it.
    """
    _run(_change)
    assert numbers == [0]


def the_tools() -> None:
    """This notebook shows four tools that share data, `Value`, `Array`, `Queue` and `Manager`, and
    `Pool`, which often makes sharing unnecessary.
    """
    no_fact("an introduction")


def download_it() -> None:
    """To run it on your own machine, use the button "Download this notebook" on the site. The ZIP
    file contains the notebook and the module that it imports, tour_workers.py, in the same
    folder.
    """
    assert "Download this notebook" in (DOCS / "_theme" / "main.html").read_text("utf-8")
    assert (DOCS / "examples" / "tour_workers.py").exists()
    hook = (DOCS / "_notebook" / "hook.py").read_text("utf-8")  # tests/test_notebooks.py runs it
    assert 'folder.iterdir() if path.suffix in {".ipynb", ".json", ".py"}' in hook


def it_needs_jupyter() -> None:
    """The notebook needs Jupyter and no other package."""
    code = "\n".join("".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "code")
    assert "\nimport " not in code
    imported = {node.module for node in ast.walk(ast.parse(code)) if hasattr(node, "module")}
    assert imported - {"tour_workers"} == {"multiprocessing", "pathlib"} <= sys.stdlib_module_names


def how_it_finds_the_function() -> None:
    """A new process has to find the function that it should run. Under the start methods `spawn`
    and `forkserver` it imports the function, and it cannot import what you typed into a cell.
    Under `fork` it is a copy of the notebook's process, and finds both.
    """
    shown("notebooks/typed_in_cell", "AttributeError: module '__main__' has no attribute 'add_tax'")
    shown("notebooks/typed_in_cell", "Output\n[120, 300]")
    shown("notebooks/module_beside", "from prices import add_tax", "Output\n[120, 300]")


def a_module_beside_it() -> None:
    """So the functions are in a module beside the notebook, which works in each case. This is the
    whole module:
    """
    module = (DOCS / "examples" / "tour_workers.py").read_text("utf-8")
    assert _shown('Path("tour_workers.py").read_text()') == module


def a_value() -> None:
    """A `Value` is a number in shared memory, which several processes can read and change. Here
    `"i"` says that it is an integer. Two processes count 100 visitors each, and each holds the
    lock of the `Value` while it adds one.
    """
    assert _shown("args=(total, 100))") == "200"
    assert "with total.get_lock():\n            total.value += 1" in _shown("read_text()")
    number: Any = Value("i", 0)
    assert isinstance(number.get_obj(), c_int)


def lost_visitors() -> None:
    """Without the lock, some visitors may be lost."""
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")


def an_array() -> None:
    """An `Array` has a fixed length and holds numbers of one type. Here `"d"` says that they are
    floating-point numbers. The child changes them, and the notebook sees the changes.
    """
    assert _shown('Array("d", [18.0, 20.5, 19.0])') == "[19.5, 22.0, 20.5]"
    degrees: Any = Array("d", 3)
    assert degrees.get_obj()._type_ is c_double
    assert not hasattr(degrees, "append")
    with raises(TypeError):
        degrees[0] = "warm"
    with raises(ValueError):
        degrees[0:2] = [1.0]


def a_queue() -> None:
    """A `Queue` carries any object that can be pickled. What arrives is a copy."""
    queue: Queue[dict[str, int]] = Queue()
    order = {"apple": 2}
    queue.put(order)
    arrived = queue.get()
    assert arrived == order
    assert arrived is not order


def a_sentinel() -> None:
    """Here `None` tells the worker that no more orders will come."""
    assert "while (order := orders.get()) is not None:" in _shown("read_text()")
    assert _shown("orders.put(None)") == "[(3, 30), (1, 10), (2, 20)]\n"


def read_before_join() -> None:
    """The notebook gets the results before it calls `join()`, because a process that has put many
    items may not end until they have been read.
    """
    shown("queue-deadlock/join_first", "still running after 5 s")
    shown("queue-deadlock/drained_first", "Received 1000000 bytes")
    assert _shown("print([prices.get() for _ in range(3)])\nclerk.join()")


def one_more_process() -> None:
    """A `Manager` starts one more process, which holds the real dict. The others have a proxy,
    which you use like a dict, and which sends each call to that process.
    """
    assert _shown("ratings = manager.dict()") == "[('Alien', 5), ('Brazil', 4)]\n"
    with Manager() as manager:
        server = manager._process  # type: ignore[attr-defined]
        assert server.is_alive()
        assert server.pid != current_process().pid
        ratings = manager.dict()
        assert isinstance(ratings, BaseProxy)
        calls = calls_of(ratings)
        ratings["Alien"] = 5
        assert (ratings["Alien"], len(ratings)) == (5, 1)
        assert calls == ["__setitem__", "__getitem__", "__len__"]


def a_pool() -> None:
    """If each task gets an argument and returns a result, let a `Pool` send both. The tasks share
    no data, so no update can be lost, and `map` returns the results in the order of the
    arguments.
    """
    assert _shown("pool.map(square, [1, 2, 3, 4])") == "[1, 4, 9, 16]\n"
    with Pool(2) as pool:
        assert pool.map(abs, [-3, -1, -2], chunksize=1) == [3, 1, 2]
