"""What docs/try/race-stepper.md says; tests/test_try_race.py uses the stepper, in a browser."""

import dis
from math import factorial
from multiprocessing import Pipe, Process, Value, get_start_method
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from typing import Any

from tests.claims import ONCE, ROOT, no_fact, shown
from tests.claims._interleavings import count, is_serial, schedules, total
from tests.claims._recorders import RecordedLock

PAGE = (ROOT / "docs/try/race-stepper.md").read_text("utf-8")
SETTINGS = [(processes, increments) for processes in (2, 3) for increments in (1, 2, 3)]
FEW = [(2, 1), (2, 2), (2, 3), (3, 1)]  # those of which each schedule can be looked at


def _steps(processes: int, increments: int) -> dict[str, int]:
    return dict.fromkeys("ABC"[:processes], 3 * increments)


def _sell(sold: "Synchronized[int]", turn: "Connection[Any, Any]") -> None:
    """Make a step at each turn, for ever."""
    while True:
        turn.recv()
        count = sold.value
        turn.send("loaded")
        turn.recv()
        count = count + 1
        turn.send("added")
        turn.recv()
        sold.value = count
        turn.send("stored")


def an_update_is_lost() -> None:
    """If another process stores between the LOAD and the STORE of a process, an update is lost.

    None of these ends wrong, and they are also the only ones that end right without it: those in
    which no increment begins while another is under way.
    """
    if get_start_method() != ONCE:
        return  # it starts no process
    for processes, increments in FEW:
        goal = processes * increments
        for schedule in schedules(_steps(processes, increments)):
            assert (total(schedule) == goal) == is_serial(schedule), schedule
    for processes, increments in SETTINGS:
        without, locked = count(processes, increments), count(processes, increments, True)
        assert list(locked) == [processes * increments]
        assert without[processes * increments] == locked.total()


def with_the_lock() -> None:
    """With the lock, none is."""
    shown("race/fixed", "with sold.get_lock():", "Tickets sold: 100")
    assert all(list(count(*setting, True)) == [setting[0] * setting[1]] for setting in SETTINGS)


def how_to_use_it() -> None:
    """You choose which process makes the next step.

    The button of a process makes its next step; the keys A, B and C do the same while the focus
    is in the stepper. "Restart", "Back" and "Next" go through the steps that were made. "Play at
    random" lets one of the processes that can make a step do so, each with the same chance, until
    all are done. "Run all schedules" counts, and links one schedule for each total. The address of
    the page names the steps that were made, so you can link to them.
    """
    no_fact("how the stepper is used; tests/test_try_race.py does all of it, in a browser")


def three_steps() -> None:
    """Each process adds 1 to a shared value in three steps: LOAD reads the value, ADD adds 1, and
    STORE writes the value back.

    Its register is where it keeps what it has loaded.
    """
    no_fact("definitions")


def its_line() -> None:
    """Each process runs the line of Lost updates, `sold.value += 1`."""
    shown("race/unsafe", "sold.value += 1")
    stepper = (ROOT / "docs/_theme/partials/race-stepper.html").read_text("utf-8")
    assert "sold.value += 1" in stepper


def what_a_schedule_is() -> None:
    """A schedule is the order in which the processes make their steps."""
    no_fact("a definition")


def one_schedule() -> None:
    """In `ABABAB`, the processes A and B take turns: both load 0, both add 1, and both store 1.
    The second STORE overwrites the first, so one of two updates is lost.

    1 | LOAD 0 |  | 0

    2 |  | LOAD 0 | 0

    3 | ADD 1 |  | 0

    4 |  | ADD 1 | 0

    5 | STORE 1 |  | 1

    6 |  | STORE 1 | 1

    Here two real processes make these steps.
    """
    printed = (ROOT / "examples/race-stepper/in_order.out").read_text("utf-8").splitlines()
    assert printed.pop() == "Tickets sold: 1"
    for number, line in enumerate(printed, 1):
        said, value = line.split("  sold.value = ")
        step = " ".join(said[3:].split())
        cells = f"{step} | |" if said[0] == "A" else f"| {step} |"
        assert f"| {number} | {cells} {value} |" in PAGE, line
    assert "".join(line[0] for line in printed) == "ABABAB"


def it_waits_for_its_turn() -> None:
    """Each waits for its turn before it makes one."""
    shown(
        "race-stepper/in_order",
        "turn.recv()\n    count = sold.value",
        "turn.recv()\n    count = count + 1",
        "turn.recv()\n    sold.value = count",
    )


def another_order() -> None:
    """Write another order of three A and three B into `SCHEDULE`, and the program ends with the
    total that the stepper shows for it.
    """
    shown("race-stepper/in_order", 'SCHEDULE = "ABABAB"', "for name in SCHEDULE:")
    sold = Value("i", 0)
    turns, sellers = {}, []
    for name in "AB":
        turns[name], turn = Pipe()
        seller = Process(target=_sell, args=(sold, turn), daemon=True)
        seller.start()
        sellers.append(seller)
    orders = list(schedules(_steps(2, 1)))
    assert len(set(orders)) == 20
    for order in orders:
        sold.value = 0
        for name in order:
            turns[name].send("your turn")
            turns[name].recv()
        assert sold.value == total(order), order
    for seller in sellers:
        seller.kill()
        seller.join()


def how_many() -> None:
    """Almost all of them do:

    2, 1 | 20 | 18 | 2

    2, 2 | 924 | 918 | 6

    2, 3 | 48,620 | 48,600 | 20

    3, 1 | 1,680 | 1,674 | 6

    3, 2 | 17,153,136 | 17,153,046 | 90

    3, 3 | 227,873,431,500 | 227,873,429,820 | 1,680

    The last column is how many schedules the lock allows.
    """
    for processes, increments in SETTINGS:
        found, locked = count(processes, increments), count(processes, increments, True)
        steps, goal = 3 * increments, processes * increments
        assert found.total() == factorial(processes * steps) // factorial(steps) ** processes
        assert locked.total() == factorial(goal) // factorial(increments) ** processes
        wrong = found.total() - found[goal]
        row = f"| {processes}, {increments} | {found.total():,} | {wrong:,} | {locked.total():,} |"
        assert row in PAGE, row
        assert wrong >= 0.9 * found.total()


def how_low() -> None:
    """The total can be as low as 1 if each process adds once, and as low as 2 if each adds two or
    three times.
    """
    if get_start_method() != ONCE:
        return  # it starts no process
    for processes, increments in SETTINGS:
        assert min(count(processes, increments)) == min(increments, 2)
    for processes, increments in FEW:
        each = schedules(_steps(processes, increments))
        assert min(map(total, each)) == min(increments, 2)


def nine_end_with_two() -> None:
    """To see how nine increments can end with 2, choose 3 and 3 in the stepper and run all
    schedules.
    """
    assert count(3, 3)[2] > 0


def three_instructions() -> None:
    """Python turns the line into instructions, and three of them do the work:

    The other instructions move only what the process has for itself.
    """
    shown("race-stepper", "#> LOAD_ATTR value", "#> BINARY_OP +=", "#> STORE_ATTR value")

    def sell_ticket(sold: Any) -> None:
        sold.value += 1

    prepare = {"RESUME", "COPY", "SWAP", "RETURN_VALUE", "RETURN_CONST"}
    load = {"LOAD_FAST", "LOAD_FAST_BORROW", "LOAD_CONST", "LOAD_SMALL_INT", "LOAD_COMMON_CONSTANT"}
    steps = [step.opname for step in dis.get_instructions(sell_ticket)]
    work = [name for name in steps if name not in prepare | load]
    assert work == ["LOAD_ATTR", "BINARY_OP", "STORE_ATTR"], steps


def when_it_adds() -> None:
    """So it makes no difference to the total when a process adds, but it does when it loads and
    when it stores.
    """
    adds: dict[str, set[int]] = {}
    totals = {}
    for schedule in schedules(_steps(2, 1)):
        others = "".join(
            name for place, name in enumerate(schedule) if schedule[:place].count(name) != 1
        )
        adds.setdefault(others, set()).add(total(schedule))
        totals[others] = total(schedule)
    assert all(len(found) == 1 for found in adds.values())
    assert set(totals.values()) == {1, 2}


def no_odds() -> None:
    """Odds. The counts do not say how often a race happens: they count each schedule once, however
    often it happens in real runs.
    """
    no_fact("what a count is")


def one_after_another() -> None:
    """Many processors. Real processes run at the same time. But each read and each write of a
    `Value` acquires its lock, so these come one after another, too, as in a schedule.
    """
    recorded = RecordedLock()
    sold = Value("i", 0, lock=recorded)  # type: ignore[call-overload]
    assert sold.value == 0 and recorded.calls == ["acquire", "release"]
    sold.value = 1
    assert recorded.calls == ["acquire", "release"] * 2


def its_own_steps() -> None:
    """The steps of the lock. In the stepper, a process acquires the lock with its LOAD and releases
    it with its STORE. In Python, these are steps of their own.
    """

    def sell_ticket(sold: Any) -> None:
        with sold.get_lock():
            sold.value += 1

    steps = [step.opname for step in dis.get_instructions(sell_ticket)]
    enters = next(i for i, name in enumerate(steps) if name in {"BEFORE_WITH", "LOAD_SPECIAL"})
    assert enters < steps.index("STORE_ATTR")
    calls = [place for place, name in enumerate(steps) if name in {"CALL", "PRECALL"}]
    assert max(calls) > steps.index("STORE_ATTR")


def killed() -> None:
    """Processes that end. If a process is killed while it holds the lock, the others wait
    forever.
    """
    shown("lock-holder-killed/terminated", "still running after 5 s")
