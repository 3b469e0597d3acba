"""What docs/examples/random-numbers.md says.

NumPy is imported only where it is needed: each child imports this file.
"""

import sys
from multiprocessing import Barrier, Pool, Process, SimpleQueue, Value, get_start_method
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier as BarrierType
from random import Random, seed
from random import random as draw_from_module
from runpy import run_path
from threading import Thread
from typing import TYPE_CHECKING

from tests.claims import (
    PRELOADED,
    ROOT,
    SURE,
    TIME_LIMIT,
    changed,
    no_fact,
    on,
    replaced,
    script,
    shown,
)
from tests.claims._starts import IN_A_SUBMIT, waits, waits_for_tasks

if TYPE_CHECKING:
    from numpy.random import Generator

PROGRAM = ROOT / "examples" / "random-numbers" / "random_per_task.py"
AT_IMPORT = """
from multiprocessing import Process, SimpleQueue
from random import Random

rng = Random()

def draw(drawn):
    drawn.put(rng.random())

if __name__ == "__main__":
    drawn = SimpleQueue()
    workers = [Process(target=draw, args=(drawn,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    numbers = {drawn.get() for _ in workers}
    for worker in workers:
        worker.join()
    print(len(numbers))
"""
DRAWN_BETWEEN = """
from multiprocessing import Process, SimpleQueue
import numpy as np

rng = np.random.default_rng(2026)

def draw(drawn):
    drawn.put([rng.random(), rng.random()])

if __name__ == "__main__":
    drawn, numbers = SimpleQueue(), []
    for _ in range(4):
        worker = Process(target=draw, args=(drawn,))
        worker.start()
        numbers.append(drawn.get())
        worker.join()
        rng.random()
    assert [second for _, second in numbers[:3]] == [first for first, _ in numbers[1:]]
    print(len({first for first, _ in numbers}), "different, and the next of one is another's")
"""

own: Random  # of a worker: its initializer sets these three
number: int
both: BarrierType


def _seed_worker(count: "Synchronized[int]", barrier: BarrierType) -> None:
    global own, number, both
    with count.get_lock():
        number = count.value
        count.value += 1
    own, both = Random(number), barrier


def _draw_own(_: int) -> tuple[int, float]:
    both.wait(TIME_LIMIT)
    return number, own.random()


def _draw(rng: "Generator") -> float:
    return float(rng.random())


def _draw_both(drawn: "SimpleQueue[tuple[float, float]]", dice: Random) -> None:
    drawn.put((draw_from_module(), dice.random()))


def a_seed_for_each_task() -> None:
    """Give each task a seed of its own, made with `SeedSequence.spawn`, and build the generator
    inside the task: then the numbers of the tasks differ, and every run gives the same results,
    with any number of workers.
    """
    import numpy as np

    shown(
        "random-numbers/seed_per_task",
        "SeedSequence(2026).spawn(8)",
        "def throw_dice(seed):\n    rng = np.random.default_rng(seed)",
        "Different games: 8 of 8\nThe same without a pool: True",
    )
    one, two = (
        [_draw(np.random.default_rng(seed)) for seed in np.random.SeedSequence(2026).spawn(8)]
        for _ in range(2)
    )
    assert one == two
    assert len(set(one)) == 8


def from_the_state() -> None:
    """A generator, such as `rng`, computes each number from its state. Two generators with the
    same state give the same numbers.
    """
    import numpy as np

    rng, other = np.random.default_rng(1), np.random.default_rng(2)
    assert _draw(rng) != _draw(other)
    other.bit_generator.state = rng.bit_generator.state
    assert [_draw(rng) for _ in range(5)] == [_draw(other) for _ in range(5)]


def eight_seeds() -> None:
    """A seed is what the first state is computed from. `SeedSequence(2026).spawn(8)` makes eight
    seeds from one number. A second `spawn(8)` of the same `SeedSequence` makes eight other
    seeds.
    """
    import numpy as np

    seeds = np.random.SeedSequence(2026)
    sixteen = [*seeds.spawn(8), *seeds.spawn(8)]
    states = {int(one.generate_state(2, np.uint64)[0]) for one in sixteen}
    assert len(states) == 16


def not_of_the_worker() -> None:
    """The seed belongs to the task, not to the worker. Which worker gets which task depends on
    timing, so with one seed for each worker the results could differ from run to run.
    """
    shown("random-numbers/seed_per_task", "executor.map(throw_dice, seeds)")
    with Pool(2, _seed_worker, (Value("i", 0), Barrier(2))) as pool:
        results = pool.map(_draw_own, range(2), chunksize=1)
    assert {worker for worker, _ in results} == {0, 1}
    for worker, drawn in results:
        assert drawn == Random(worker).random()


def without_a_number() -> None:
    """Without the number 2026, `SeedSequence()` chooses a number at random, and each run gives
    other results.
    """
    import numpy as np

    assert np.random.SeedSequence().entropy != np.random.SeedSequence().entropy
    assert np.random.SeedSequence(2026).entropy == 2026


def a_string() -> None:
    """With the standard library, a string that names the task can be the seed:"""
    shown("random-numbers/random_per_task", 'Random(f"2026-{task}")', "8 of 8", "a pool: True")
    throw_dice = run_path(str(PROGRAM))["throw_dice"]
    assert throw_dice(3)[:8] == [4, 5, 1, 1, 4, 5, 2, 1]  # the same in each run


def the_program_ends() -> None:
    """If a task or a worker fails, the program ends with the error; the programs that show a
    mistake, further down, can wait forever.

    If a task raises an exception, `list` raises it again; if a worker is killed, it raises
    `BrokenProcessPool`, except in some cases in which the executor waits. The program ends with a
    traceback and exit status 1. The workers ignore Ctrl-C, which could otherwise interrupt one in
    the middle of something. It interrupts the parent, which ends when the tasks that have begun are
    done, and the few that have already been sent to the workers, apart from some cases in which it
    can wait forever. After a `sys.exit(3)` in a task, it ends with status 3 and no message.

    The thread ends the worker with its parent, if that gets SIGTERM or is killed. A task that
    never ends is waited for: set a time limit.
    """
    from concurrent.futures.process import EXTRA_QUEUED_CALLS

    shown("stop-early/time_limit", "worker.terminate()")
    shown("ctrl-c", "parent_process().join()\n    os._exit(1)")  # there the parent is killed
    faults = [
        ("raise ValueError('no dice')", 1, "ValueError: no dice\n"),
        ("os._exit(7)", 1, "BrokenProcessPool: "),
        ("raise SystemExit(3)", 3, ""),
    ]
    if sys.platform != "win32":
        faults.append(("task == 3 and os.kill(parent_process().pid, 15)", -15, ""))
    place = "    rng = "
    assert EXTRA_QUEUED_CALLS == 1  # beside one for each worker
    if sys.platform != "win32":
        assert waits_for_tasks("random-numbers/random_per_task", place, "task == 7")
    for program in "seed_per_task", "random_per_task":
        shown(f"random-numbers/{program}", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
        assert waits(changed(f"random-numbers/{program}"), IN_A_SUBMIT, number=2)
        shown(f"random-numbers/{program}", "parent_process().join()\n    os._exit(1)")
        for fault, status, told in faults if program == "random_per_task" else faults[:2]:
            changes = place, f"    {fault}\n{place}"
            outcome = script(changed(f"random-numbers/{program}", changes))
            assert (outcome.status, outcome.stdout) == (status, "")
            assert told in outcome.stderr
            assert "Traceback" in outcome.stderr or status in (3, -15)


def repeat_one_that_failed() -> None:
    """Because each task has its own seed, you can repeat one that failed, and get the numbers
    that it would have given.
    """
    shown("random-numbers/seed_per_task", "throw_dice(seed) for seed in seeds", "a pool: True")


def a_pipe_of_its_own() -> None:
    """Each worker has a pipe of its own. If a worker fails before it has sent its number, `recv()`
    raises `EOFError` (on Windows, not always), and the program names the worker and its exit code,
    and ends with status 1. Only if the worker ends with exit code 0, as after `sys.exit()`, its
    number is missing without an error. The programs with a `SimpleQueue` wait forever in `get()`
    then.
    """
    shown("random-numbers/own_state", "with suppress(EOFError, OSError):")
    place = "    answer.send("
    outcome = script(changed("random-numbers/own_state", (place, f"    sys.exit(3)\n{place}")))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr == "Process-1: exit code 3\n"
    fault = ("    for _ in range(4):", "    for exits in False, True, False, False:")
    late = ("args=(answer,)", "args=(answer, exits)"), ("draw(answer)", "draw(answer, exits)")
    leaves = ("    answer.send(", "    if exits:\n        sys.exit()\n    answer.send(")
    outcome = script(changed("random-numbers/own_state", fault, *late, leaves))
    assert (outcome.status, outcome.stderr) == (0, "")
    assert outcome.stdout == "Workers: 4\nDifferent, rng: 3\n"
    for program in "shared_state", "standard_library", "seeded_at_import":
        shown(f"random-numbers/{program}", "SimpleQueue()", "drawn.get() for _ in workers")
    drawn: SimpleQueue[int] = SimpleQueue()
    worker = Process(target=sys.exit, args=(3,))
    worker.start()
    worker.join()
    reader = Thread(target=drawn.get)
    reader.start()
    reader.join(SURE)
    assert reader.is_alive()
    drawn.put(0)
    reader.join()


def silent() -> None:
    """Silent. No error is reported: a simulation with four workers computes one result four
    times.

    Under `fork` a worker is a copy of its parent, with the state of every NumPy generator in
    it. So whether the workers draw the same numbers depends on the start method. This program
    draws two numbers in each of four workers, one from NumPy's global generator and one from a
    generator that is made at module level:
    """
    shown(
        "random-numbers/shared_state",
        "\nrng = np.random.default_rng()",
        "(np.random.random(), rng.random())",
        "Output\nWorkers: 4\nDifferent, np.random: 1\nDifferent, rng: 1",
        "Output\nWorkers: 4\nDifferent, np.random: 4\nDifferent, rng: 4",
    )


def which_process_imports() -> None:
    """In Python 3.13.8 and later and 3.14.1 and later, the fork server imports your program
    once, and all workers are copies of the fork server. In older releases, and in
    two other cases, each worker under `forkserver` imports the program. Under `spawn` each worker
    imports the program in all releases.
    """
    method = get_start_method()
    copies = method == "fork" or (method == "forkserver" and on(PRELOADED))
    assert script(AT_IMPORT).stdout == ("1\n" if copies else "3\n")
    copies = method == "fork"
    assert script(AT_IMPORT, module=True).stdout == ("1\n" if copies else "3\n")
    call = '    __import__("multiprocessing").set_forkserver_preload(["json"])\n'
    listed = replaced(AT_IMPORT, ("    drawn = S", f"{call}    drawn = S"))
    assert script(listed).stdout == ("1\n" if copies else "3\n")


def made_in_the_worker() -> None:
    """The fix makes the generator in the worker."""
    shown(
        "random-numbers/own_state",
        "def draw(answer):\n    rng = np.random.default_rng()",
        "Workers: 4\nDifferent, rng: 4",
    )


def in_an_initializer() -> None:
    """With a pool, do this in its initializer, or better, give each task a seed as above."""
    no_fact("advice")


def the_module_differs() -> None:
    """So the workers differ, even if the parent has called `random.seed()`. A `Random` object of
    your own gets no new seed: each worker has a copy of it, with the same state.

    So `random.seed()` in the parent does not make the numbers of the workers repeatable.
    """
    shown("random-numbers/standard_library", "random: 4\nDifferent, dice: 1")
    numbers = []
    for _ in range(2):
        seed(2026)
        drawn: SimpleQueue[tuple[float, float]] = SimpleQueue()
        worker = Process(target=_draw_both, args=(drawn, Random(2026)))
        worker.start()
        numbers.append(drawn.get())
        worker.join()
    (one, dice), (two, same_dice) = numbers
    assert one != two
    assert dice == same_dice == Random(2026).random()


def harm_at_module_level() -> None:
    """At module level it does harm: if each worker imports the program, each worker sets the same
    seed.
    """
    shown(
        "random-numbers/seeded_at_import",
        "\nrandom.seed(2026)",
        "Different numbers in 4 workers: 1",
        "Different numbers in 4 workers: 4",
    )


def numpy_at_module_level() -> None:
    """With NumPy, `np.random.seed(2026)` or `default_rng(2026)` at module level gives all workers
    the same numbers under every start method. There is one exception: if the parent draws from
    that generator between two starts under `fork`, each worker begins at another place in the
    same sequence, so the numbers of the workers overlap.
    """
    import numpy as np

    # Inherited by fork, and so is the global generator, or made again by an import.
    shown("random-numbers/shared_state", "Different, np.random: 1\nDifferent, rng: 1")
    for make in (np.random.RandomState, np.random.default_rng):
        assert make(2026).random() == make(2026).random()
    if get_start_method() == "fork":
        assert script(DRAWN_BETWEEN).stdout == "4 different, and the next of one is another's\n"


def use_secrets() -> None:
    """Do not use these generators for passwords and tokens: use `secrets`."""
    no_fact("advice")


def a_global() -> None:
    """A generator that is made at module level is a global variable, and globals are not
    shared.
    """
    shown("random-numbers/shared_state", "\nrng = np.random.default_rng()")
    shown("globals/changed_in_child", 'orders["apple"] += 1', "Orders: {'apple': 0}")


def copied_for_each_chunk() -> None:
    """A generator that is passed as an argument is copied for each chunk of tasks, so the same
    `rng` in two chunks draws the same numbers. Pass seeds.
    """
    import numpy as np

    rng = np.random.default_rng(1)
    with Pool(1) as pool:
        different = [len(set(pool.map(_draw, [rng] * 4, chunksize=size))) for size in (1, 2, 4)]
    assert different == [1, 2, 4]


def under_another() -> None:
    """A program can be right under one start method and wrong under another, so it can be wrong
    on another machine.
    """
    shown("random-numbers/shared_state", "Different, rng: 1", "Different, rng: 4")
