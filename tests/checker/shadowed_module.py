"""Short programs for the rule shadowed-module: it needs a name, so they are given none."""

FOUND: tuple[str, ...] = ()

RIGHT = ("from multiprocessing import Process", "import queue")
