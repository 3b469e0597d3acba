"""What the processes of a run did: noted in each, read as steps, written as text, and drawn."""

import shutil
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import pytest

from examples import _interrupts
from examples._runner import run
from examples._trace import page, report
from examples._trace.drawing import drawing
from examples._trace.events import read_events
from examples._trace.naming import names_at
from examples._trace.steps import Run, read_run
from examples._trace.text import read_text, text_of
from tests.harness.compare.record import Refused
from tests.harness.read.model import Site
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.traces import comparable
from tests.harness.read.versions import THIS
from tests.harness.read.words import METHODS, RECORDED_ON, SYSTEM
from tests.harness.run.pythons import Python
from tests.harness.tell.stamps import every_block
from tests.harness.tools import update
from tests.test_harness_site import PAGE, RACE, make

pytestmark = pytest.mark.skipif(SYSTEM != RECORDED_ON, reason="recorded on Linux")

FAILS = """import queue
from multiprocessing import Process, Queue

def work(items):
    items.get(timeout=0.01)

if __name__ == "__main__":
    items = Queue()
    worker = Process(target=work, args=(items,))
    worker.start()
    worker.join()
    try:
        items.get_nowait()
    except queue.Empty as error:
        import traceback
        traceback.print_exc()
    print(worker.exitcode)
    items.put(1, block=False, timeout=None, more=2)
"""


def noted(program: Path, folder: Path, method: str | None = None, limit: float = 60) -> Run:
    """The steps of a program that runs."""
    file = folder / "events"
    run(program, method, limit, variables={"EXAMPLE_TRACE": str(file)})
    return read_run(read_events(file))


def lines(*words: str) -> str:
    """The text of events, each `name pid key=value ...`; `~` stands for a space in a value."""
    told = []
    for number, line in enumerate(words):
        name, pid, *rest = line.split()
        values = {"e": f'"{name.replace("~", " ")}"', "t": str(number), "p": pid}
        for one in rest:
            key, value = one.split("=")
            values[key] = value if value.lstrip("-").isdigit() else f'"{value.replace("~", " ")}"'
        told.append("{" + ",".join(f'"{k}":{v}' for k, v in values.items()) + "}")
    return "\n".join(told) + "\n"


def steps(tmp_path: Path, *words: str) -> str:
    """What comes of events."""
    (tmp_path / "events").write_text(lines(*words), "utf-8")
    return text_of(read_run(read_events(tmp_path / "events")))


@pytest.mark.parametrize("method", METHODS)
def test_a_program_does_the_same_under_each_start_method(tmp_path: Path, method: str) -> None:
    found = text_of(noted(ROOT / "examples" / "queue" / "smallest.py", tmp_path, method))
    assert found == (ROOT / "examples" / "queue" / "smallest.trace").read_text("utf-8")


def test_what_a_program_prints_stays_the_same(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(FAILS, "utf-8")
    alone = run(program)
    traced = run(program, variables={"EXAMPLE_TRACE": str(tmp_path / "events")})
    assert (traced.status, traced.stdout) == (alone.status, alone.stdout) == (1, "1\n")
    assert "_trace.py" not in traced.stderr
    frames = [line for line in alone.stderr.splitlines() if line.startswith("  File ")]
    assert [line for line in traced.stderr.splitlines() if line.startswith("  File ")] == frames


def test_who_waits_for_whom(tmp_path: Path) -> None:
    found = noted(ROOT / "examples" / "lock" / "opposite_order.py", tmp_path, limit=8)
    assert list(page.hung(found)) == [
        "main program still waits for Process-1 to end, which is held up by Process-1.",
        "Process-1 still waits for checking, which is held up by Process-2.",
        "Process-2 still waits for savings, which is held up by Process-1.",
    ]


def test_a_text_is_read_back(tmp_path: Path) -> None:
    for path in sorted((ROOT / "examples").glob("*/*.trace")):
        text = path.read_text("utf-8")
        found = read_text(text)
        assert text_of(found) == text
        ElementTree.fromstring(drawing(found, path.stem))
        numbers = [step.number for step in found.steps]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(one.number < step.number for step in found.steps for one in step.after)


def test_a_line_that_is_no_step(tmp_path: Path) -> None:
    for text in "  1  begins\n", "main program\n  begins\n":
        with pytest.raises(ValueError, match="no step of a timeline"):
            read_text(text)


def test_a_torn_line_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "events").write_text(lines("begin 1") + '{"e":"beg', "utf-8")
    assert [event.name for event in read_events(tmp_path / "events")] == ["begin"]
    assert read_events(tmp_path / "gone") == []


def test_a_killed_process_ends_where_its_parent_sees_it(tmp_path: Path) -> None:
    told = steps(tmp_path, "begin 1", "start 1 c=2 n=Process-1 m=fork f=work", "begin 2",
                 "signal 1 c=2 i=kill", "join 1 c=2", "seen 1 c=2 r=-9", "join. 1 c=2",
                 "end 1")  # fmt: skip
    assert "is killed by SIGKILL, after 3" in told
    assert told.index("kills Process-1") < told.index("joins Process-1")


def test_ctrl_c_may_reach_the_program_first(tmp_path: Path) -> None:
    noted = lines("begin 1", "lock 1 o=a", "lock! 1 o=a x=KeyboardInterrupt", "end 1", "stopped 0")
    (tmp_path / "events").write_text(noted, "utf-8")
    (told,) = page.hung(read_run(read_events(tmp_path / "events")))
    assert told == "main program still waits for a lock."


def test_a_lock_is_acquired_after_it_was_released(tmp_path: Path) -> None:
    told = steps(tmp_path, "begin 1", "made 1 o=a k=Lock v=1 at=x:1", "lock. 1 o=a", "begin 2",
                 "lock 2 o=a", "release 1 o=a", "lock. 2 o=a", "lock 1 o=a")  # fmt: skip
    assert "acquires lock, after 3" in told
    assert "still waits for lock, held up by another process" in told


def test_what_may_fail(tmp_path: Path) -> None:
    told = steps(
        tmp_path, "begin 1", "made 1 o=q k=Queue v=1 at=x:1", "put 1 o=q i=1", "put! 1 o=q x=Full",
        "get 1 o=q", "get! 1 o=q x=Empty", "send 1 o=5 i=1", "send! 1 o=5 x=OSError",
        "receive 1 o=5", "receive! 1 o=5 x=EOFError", "lock 1 o=a", "lock! 1 o=a",
        "barrier 1 o=b", "barrier! 1 o=b x=BrokenBarrierError", "join 1 c=9", "join! 1 c=9",
        "until 1 o=e", "until. 1 o=e i=False", "result 1 o=j", "result! 1 o=j x=TimeoutError",
    )  # fmt: skip
    for words in ("cannot put into queue: Full", "gets nothing from queue: Empty",
                  "cannot send: OSError", "receives no message: EOFError", "does not get a lock",
                  "fails at a lock: BrokenBarrierError", "stops waiting for another process",
                  "gets no result: TimeoutError", "still runs"):  # fmt: skip
        assert words in told


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("get", "still waits for an item of it"),
        ("put", "still waits for room in it"),
        ("wait", "still waits for a notify of it"),
        ("barrier", "still waits at it"),
        ("call", "still waits for an answer"),
        ("test", "still waits until its predicate is true"),
        ("notify", "still waits in notify() of it"),
        ("send", "still waits until the message that it sends is read"),
        ("pool_join", "still waits for the workers to end"),
        ("receive", "still waits for a message"),
        ("until", "still waits until it is set"),
        ("tasks", "still waits for the tasks of it"),
        ("result", "still waits for a result"),
        ("else", "still runs"),
    ],
)
def test_what_is_never_done(tmp_path: Path, call: str, words: str) -> None:
    assert words in steps(tmp_path, "begin 1", f"{call} 1")


def test_what_else_a_process_does(tmp_path: Path) -> None:
    told = steps(
        tmp_path, "begin 1", "start 1 c=2 n=Process-1 m=fork f=work", "begin 2",
        "made 1 o=c k=Condition l=k at=x:1", "wait 2 o=c", "notify 1 o=c", "wait. 2 o=c i=True",
        "wait 2 o=c", "wait. 2 o=c i=False", "set 1 o=e", "clear 1 o=e",
        "task 2 o=q", "tasks 1 o=q", "tasks. 1 o=q", "abort 1 o=b", "reset 1 o=b",
        "again 1 o=c", "keep 1 o=c", "release 1 o=c", "release! 1 o=c x=AssertionError",
        "shutdown 1 c=2", "shutdown 1 c=3", "end 2", "end 1",
    )  # fmt: skip
    for words in ("goes on, after", "stops waiting for a notify", "notifies condition", "clears",
                  "marks an item of a lock as done", "sees all items of a lock done, after",
                  "aborts a lock", "resets a lock", "takes condition again",
                  "gives condition back once, and holds it",
                  "cannot release condition: AssertionError"):  # fmt: skip
        assert words in told
    assert told.index("shuts Process-1 down") < told.index("ends, after")


def test_a_notify_that_comes_too_early_wakes_nobody(tmp_path: Path) -> None:
    told = steps(
        tmp_path, "begin 1", "made 1 o=c k=Condition l=k at=x:1", "start 1 c=2 n=P m=fork f=f",
        "notify 1 o=c", "notify. 1 o=c", "begin 2", "test 2 o=c", "test. 2 o=c i=True",
        "test 2 o=c", "notify 1 o=c", "notify. 1 o=c", "test. 2 o=c i=1",
        "test 2 o=c", "test. 2 o=c i=False",
    )  # fmt: skip
    mine = told.partition("P, runs f()")[2]
    assert mine.count("waits until its predicate is true") == 3
    assert [line.partition("  ")[2] for line in map(str.strip, mine.splitlines())][3:7:2] == [
        "goes on",
        "goes on, after 4",
    ]
    assert "stops waiting for a notify" in mine


POOL = (
    "begin 1", "made 1 o=p k=Pool at=x:1", "start 1 c=2 n=ForkPoolWorker-1 m=fork f=worker",
    "start 1 c=3 n=ForkPoolWorker-2 m=fork f=worker", "made 1 o=job~0 k=MapResult at=x:2",
    "begin 2", "take 2 o=job~0 i=area(1)", "done 2 o=job~0", "begin 3", "take 3 o=job~0 i=area(2)",
    "done 3 o=job~0 i=fails", "result 1 o=job~0", "result. 1 o=job~0 i=[1,2]", "pool_close 1 o=p",
    "pool_join 1 o=p", "end 2", "end 3", "pool_join. 1 o=p", "pool_terminate 1 o=p",
    "pool_terminate. 1 o=p", "pool_shutdown 1 o=p", "pool_shutdown. 1 o=p", "end 1",
)  # fmt: skip


def test_a_pool_gives_tasks_to_workers(tmp_path: Path) -> None:
    told = steps(tmp_path, *POOL)
    for words in ("PoolWorker-2, runs tasks", "takes the task area(2), after 4",
                  "is done with it, which failed", "gets the result [1,2], after 7 and 10",
                  "closes pool", "joins pool, after 13 and 14", "terminates pool\n",
                  "shuts the pool down\n"):  # fmt: skip
        assert words in told, told


def test_which_worker_does_a_task_is_not_compared(tmp_path: Path) -> None:
    one = steps(tmp_path, *POOL)
    moved = [line.replace(" 3 ", " 2 ") if line[:4] in ("take", "done") else line for line in POOL]
    other = steps(tmp_path, *(line for line in moved if "-2" not in line and "3" not in line[:8]))
    assert one != other
    assert comparable(one, True) == comparable(other, True)
    assert comparable(one, False) == one
    lost = steps(tmp_path, *(line for line in POOL if "area(2)" not in line))
    assert comparable(one, True) != comparable(lost, True)


def test_a_call_of_a_manager_goes_there_and_back(tmp_path: Path) -> None:
    told = steps(
        tmp_path, "begin 1", "start 1 c=2 n=SyncManager-1 m=fork f=_run_server", "begin 2",
        "call 1 i=add()~of~the~shop n=MainProcess", "serve 2 w=5 i=add n=MainProcess",
        "serve 2 w=6 i=add n=Process-9", "in 1 c=4", "call. 1 i=3",
        "call 1 i=gone()~of~the~shop n=MainProcess", "serve 2 w=5 i=gone n=MainProcess",
        "call! 1 x=KeyError",
    )  # fmt: skip
    for words in ("SyncManager-1, runs the server", "calls add() of the shop",
                  "runs add(), after 3", "gets the answer 3, after 5",
                  "gets no answer: KeyError, after 8"):  # fmt: skip
        assert words in told, told


def test_a_block_of_shared_memory(tmp_path: Path) -> None:
    told = steps(
        tmp_path, "begin 1", "made 1 o=b k=SharedMemory at=x:1", "start 1 c=2 n=P m=fork f=f",
        "begin 2", "attach 2 o=b", "end 2", "unlink 1 o=b",
    )  # fmt: skip
    for words in "creates sharedmemory", "attaches to sharedmemory, after 2", "unlinks":
        assert words in told, told


def test_several_start_methods_are_told_apart(tmp_path: Path) -> None:
    told = steps(
        tmp_path, "begin 1", "start 1 c=2 n=P m=fork f=f", "begin 2",
        "start 1 c=3 n=ForkServerProcess-2 m=spawn f=f", "import 3", "begin 3",
    )  # fmt: skip
    assert "starts P by fork" in told
    assert "starts Process-2 by spawn" in told
    assert "imports the program again, after 3" in told


def test_a_queue_has_room_when_an_item_was_taken(tmp_path: Path) -> None:
    told = steps(
        tmp_path, "begin 1", "made 1 o=q k=Queue v=1 at=x:1", "start 1 c=2 n=P m=fork f=f",
        "begin 2", "put 1 o=q i=1", "put. 1 o=q", "feeder 1 c=7 o=q", "out 1 w=7 c=5",
        "out. 1 w=7", "get 2 o=q", "in 2 c=5", "get. 2 o=q i=1", "put 1 o=q i=2",
        "put. 1 o=q", "unsent 1 w=7 x=PicklingError",
        "feeder 1 c=8 o=inner", "out 1 w=8 c=6", "out. 1 w=8",
    )  # fmt: skip
    number = next(line.split()[0] for line in told.splitlines() if "gets 1 from queue" in line)
    assert f"puts 2 into queue, after {number}" in told
    assert "cannot send 2: PicklingError, after" in told
    assert "main program, feeder of queue" in told


def test_threads_and_ends(tmp_path: Path) -> None:
    told = steps(
        tmp_path, "begin 1", *(f"start 1 c={n} n=P-{n} m=spawn f=f" for n in (2, 3)), "begin 2",
        "begin 3", "lock 2 w=5 o=a", "lock. 2 w=5 o=a", "lock 2 o=a", "end 2", "seen 1 c=2 r=-15",
        "seen 1 c=3 r=3",
    )  # fmt: skip
    assert "P-2, thread 1" in told
    assert "is killed by SIGTERM" in told
    assert "ends at once with exit status 3" in told


def test_how_it_was_started_is_told_where_it_is_asked(tmp_path: Path) -> None:
    start = "start 1 c=2 n=P m=spawn f=f"
    noted = lines("begin 1", start, "begin 2", "import 2", "import 9", "end 2")
    (tmp_path / "events").write_text(noted, "utf-8")
    told = text_of(read_run(read_events(tmp_path / "events"), how=True))
    assert "starts P by spawn" in told
    assert told.count("imports the program again") == 1


def test_a_start_that_is_noted_late(tmp_path: Path) -> None:
    """The child was quicker than the note: no order is possible, and so the first goes first."""
    told = steps(
        tmp_path, "begin 1", "begin 2", "send 2 c=5 i=1", "out 2 c=5", "receive 1 c=5", "in 1 c=5",
        "receive. 1 c=5 i=1", "start 1 c=2 n=P m=fork f=f", "end 2", "end 1",
    )  # fmt: skip
    assert "receives 1, after" in told


def test_a_lane_without_steps_is_drawn() -> None:
    picture = drawing(read_text("main program\n"), "Nothing")
    assert "main program" in ElementTree.fromstring(picture).itertext()


def test_the_page_tells_what_was_left_out(tmp_path: Path) -> None:
    waits = "lock 1 o=a", "lock. 1 o=a", "receive 1 c=5"
    (tmp_path / "events").write_text(lines("begin 1", *waits, "too~many 1"), "utf-8")
    told = page.page(read_run(read_events(tmp_path / "events")), "program.py", "It ended.")
    assert "only its beginning was noted" in told
    assert "waits: acquires a lock" in told
    assert "<li>main program still waits for a message.</li>" in told


def test_names_of_variables(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(
        "a = b()\nc, [d, self.e] = f(), g()\nwith h() as i:\n    j()\nk: int = l()\nm()\n"
    )
    assert [names_at(f"{file}:{line}") for line in range(1, 7)] == [
        ["a"], ["c", "d", "e"], ["i"], ["i"], ["k"], [],
    ]  # fmt: skip
    assert names_at(f"{tmp_path / 'gone'}:1") == names_at("") == []
    file = tmp_path / "other.py"
    file.write_text("a, b, c = Lock(), m.Event(), 3\nd, e = f()\n")
    assert [names_at(f"{file}:1", kind) for kind in ("Lock", "Event", "RLock")] == [
        ["a"], ["b"], ["a", "b", "c"],
    ]  # fmt: skip
    assert names_at(f"{file}:2", "Lock") == ["d", "e"]
    with_two = tmp_path / "with.py"
    with_two.write_text("with Manager() as a, Pool() as b, c():\n    pass\n")
    assert names_at(f"{with_two}:1", "Pool") == ["b"]
    assert names_at(f"{with_two}:1") == ["a", "b"]


SHOWN = """
```text title="What its processes do"
--8<-- "race/fixed.trace"
```
"""
OWN = """from multiprocessing import Process

if __name__ == "__main__":
    worker = Process(target=abs, args=(1,))
    worker.start()
    worker.join()
    print(4)
"""


def shown(root: Path, text: str | None, after: str = SHOWN) -> Site:
    """A site with a page that shows what the processes of a program do."""
    files = {RACE: PAGE + after, "examples/race/fixed.py": OWN, "examples/race/fixed.trace": text}
    return read_site(make(root, files))


def test_a_timeline_that_is_wrong_is_told(tmp_path: Path) -> None:
    told = "\n".join(map(str, shown(tmp_path, "  begins\n").problems))
    assert "examples/race/fixed.trace:1: no step of a timeline, '  begins'" in told
    told = "\n".join(map(str, shown(tmp_path, "main program\n", 2 * SHOWN).problems))
    assert "a timeline of race/fixed in a tab, or a second one" in told


def test_a_timeline_is_recorded_where_it_is_always_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = shown(tmp_path, "")
    program = site.programs["race/fixed"]
    pythons = {THIS: Python(sys.executable, THIS, frozenset())}
    assert program.trace
    assert "joins Process-1, after" in update.record_trace(program, pythons)
    assert "joins Process-1, after" in program.trace.text
    assert update.record_trace(program, pythons) == ""
    assert update.update_program(program, pythons) == ""
    assert ("race/fixed.trace", program.hash_of_trace) in {block[:2] for block in every_block(site)}
    runs = count()
    monkeypatch.setattr(update, "recorded", lambda *_: f"main program\n  1  begins {next(runs)}\n")
    with pytest.raises(Refused, match="its processes do not do the same in two runs"):
        update.record_trace(program, pythons)


def trace(tmp_path: Path, text: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What the command tells."""
    (tmp_path / "program.py").write_text(text, "utf-8")
    command = [sys.executable, str(ROOT / "examples"), "trace", *words]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)


def test_the_command_passes_the_status_on(tmp_path: Path) -> None:
    told = trace(tmp_path, "import sys\nprint(1)\nsys.exit(3)\n", "program.py")
    assert (told.returncode, told.stdout) == (3, "1\n")
    assert "It ended with exit status 3. See program-trace.html" in told.stderr


def test_a_program_that_is_killed(tmp_path: Path) -> None:
    told = trace(tmp_path, "import os\nos.kill(os.getpid(), 9)\n", "program.py")
    assert told.returncode == 128 + 9
    assert "It was killed by SIGKILL" in told.stderr


HANGS = """import signal
from multiprocessing import Event, Process

def work(event):
    event.wait()

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    event = Event()
    Process(target=work, args=(event,)).start()
    event.wait()
"""


def test_a_program_that_hangs_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("program.py").write_text(HANGS, "utf-8")
    assert report.trace(["--time-limit", "5", "program.py"]) == 1
    told = capfd.readouterr().err
    assert "It still ran after 5 s, and was stopped. See program-trace.html" in told
    assert "still waits until event is set" in told
    monkeypatch.setattr(_interrupts, "received", signal.SIGINT)
    monkeypatch.setattr(report, "GRACE", 5)
    assert report.trace(["program.py"]) == 128 + signal.SIGINT
    assert "It was stopped by a signal, such as Ctrl-C." in capfd.readouterr().err
    Path("program.py").write_text("pass\n", "utf-8")
    monkeypatch.setattr(subprocess.Popen, "poll", subprocess.Popen.wait)  # it has ended before
    assert report.trace(["program.py"]) == 128 + signal.SIGINT
    assert "It was stopped by a signal, such as Ctrl-C." in capfd.readouterr().err


def test_what_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "program.py"
    program.write_text("pass\n", "utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    output = folder / "out.html"
    output.write_text("before", "utf-8")
    assert report.why_not(program, output) == ""
    assert output.read_text("utf-8") == "before"
    assert "cannot be read" in report.why_not(Path("x" * 300), output)

    def run(_: Path, __: object, noted: Path, *___: object) -> tuple[int, str]:
        noted.write_text(lines("begin 1", "end 1"), "utf-8")
        shutil.rmtree(folder)
        return 0, "It ended."

    monkeypatch.setattr(report, "run", run)
    assert report.trace(["-o", str(output), str(program)]) == 2
    assert "cannot be written: No such file or directory. Name another" in capsys.readouterr().err
    monkeypatch.setattr(report, "run", lambda *_: (3, "It ended."))
    assert report.trace(["-o", str(tmp_path / "out.html"), str(program)]) == 3
    assert capsys.readouterr().err == "Nothing was noted: It ended.\n"


def test_bad_input(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for words, problem in {
        ("gone.py",): "There is no file gone.py",
        ("a",): "a is a folder",
        ("program.py",): "program.py has a syntax error in line 1",
    }.items():
        told = trace(tmp_path, "x = (", *words)
        assert told.returncode == 2 and told.stderr.startswith(problem), told
        assert told.stderr.count("\n") == 1
    assert report.why_not(ROOT / "noxfile.py", tmp_path).endswith("Name another with -o")


def test_many_processes_have_no_picture(tmp_path: Path) -> None:
    starts = [f"start 1 c={n} n=Process-{n} m=fork f=work" for n in range(2, 1002)]
    begins = [f"begin {n}" for n in range(2, 1002)]
    ends = [f"end {n}" for n in range(2, 1002)]
    (tmp_path / "events").write_text(lines("begin 1", *starts, *begins, *ends, "end 1"), "utf-8")
    told = page.page(read_run(read_events(tmp_path / "events")), "program.py", "It ended.")
    assert "No picture: 1,001 processes and threads took part" in told
    assert "<svg" not in told
