"""What docs/beyond/several-hosts.md says."""

import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from inspect import signature
from multiprocessing import Lock, Pipe, Pool, get_start_method
from multiprocessing.connection import Listener
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from tests.claims import ROOT, SURE, TIME_LIMIT, no_fact, raises, script, shown
from tests.claims._beside import beside
from tests.claims._hosts import Host, hosts, possible
from tests.claims._until import until
from tests.harness.read.pages import read_fences

PAGE = ROOT / "docs" / "beyond" / "several-hosts.md"
PROGRAMS = ROOT / "examples" / "several-hosts"
_beside = partial(beside, PROGRAMS)
SERVER = "10.0.0.1"
PORT = 50000
PIPE = subprocess.PIPE
VARIABLES = os.environ | {"JOBS_KEY": "spring", "PYTHONPATH": str(PROGRAMS)}


def _on_hosts() -> bool:
    """Whether there can be hosts; what starts no process is looked at under one start method."""
    return sys.platform == "linux" and get_start_method() == "fork" and possible()


class _Server:
    """`server.py` of the page on a host, which can be killed and started again."""

    def __init__(self, host: Host, folder: str, lease: str = "60") -> None:
        results = str(Path(folder, "results.txt"))
        program = str(PROGRAMS / "server.py")
        self.command = host.line(sys.executable, program, SERVER, str(PORT), results, lease)
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=VARIABLES, stdout=PIPE, text=True)
        assert self.process.stdout
        assert self.process.stdout.readline() == f"listens at {SERVER} {PORT}\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def threads(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.split("Threads:")[1].split()[0])


ASKS = """
import sys
from worker import connect
shared = connect("10.0.0.1", 50000)
jobs, counter = shared.jobs(), shared.counter()
for line in sys.stdin:
    try:
        print(eval(line), flush=True)
    except Exception as error:
        print(type(error).__name__, error, flush=True)
"""


class _Client:
    """A worker on a host that makes the calls that it is told, by the proxies of `worker.py`."""

    def __init__(self, host: Host) -> None:
        line = host.line(sys.executable, "-c", ASKS)
        self.process = subprocess.Popen(line, env=VARIABLES, stdin=PIPE, stdout=PIPE, text=True)

    def tell(self, call: str) -> None:
        assert self.process.stdin
        print(call, file=self.process.stdin, flush=True)

    def answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def ask(self, call: str) -> str:
        self.tell(call)
        return self.answer()

    def waits(self) -> bool:
        """Whether no answer has come, and none comes for as long as is sure."""
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(self.answer)
            time.sleep(SURE)
            waits = not future.done()
            self.kill()
        return waits

    def kill(self) -> None:
        with self.process:
            self.process.kill()


@contextmanager
def _made(lease: str = "60") -> Iterator[tuple[_Server, Host, Host]]:
    """A server on a host of its own, and two hosts for workers."""
    with (
        TemporaryDirectory() as folder,
        hosts(SERVER, "10.0.0.2", "10.0.0.3") as (first, red, blue),
    ):
        server = _Server(first, folder, lease)
        try:
            yield server, red, blue
        finally:
            server.kill()


@contextmanager
def _client(host: Host) -> Iterator[_Client]:
    client = _Client(host)
    try:
        yield client
    finally:
        client.kill()


def _worker(host: Host, limit: float = 30) -> "subprocess.CompletedProcess[str]":
    """The worker of the page on a host, until it ends."""
    line = host.line(sys.executable, str(PROGRAMS / "worker.py"), SERVER, str(PORT))
    variables = VARIABLES | {"JOBS_LIMIT": str(limit)}
    return subprocess.run(line, env=variables, capture_output=True, text=True, check=False)


def _jobs(folder: str, jobs: str = "ab", lease: float = 0) -> Any:
    return _beside("jobs").Jobs(jobs, Path(folder, "results.txt"), lease)


def what_it_is_for() -> None:
    """Start a remote manager on one host and workers on the others: they share a counter, a
    dictionary, jobs and an array by calls over TCP.
    """
    shown("several-hosts/two_workers", "workers: 2 jobs: 8", "counter: 8", "sum: 4995000000.0")


def when_to_choose_it() -> None:
    """Choose it for a few hosts that you trust, and jobs of a second or more. If your workers are
    on one machine, a pool is enough. If the data must survive the server's host, or programs in
    other languages take part, use Redis or PostgreSQL.
    """
    no_fact("advice")


def on_their_own_machine() -> None:
    """A `Pool` and a `ProcessPoolExecutor` start processes on their own machine only. So does
    every start method.
    """
    names = {name for kind in (Pool, ProcessPoolExecutor) for name in signature(kind).parameters}
    assert names == {
        "processes", "initializer", "initargs", "maxtasksperchild",
        "max_workers", "mp_context", "max_tasks_per_child",
    }  # fmt: skip


def a_lease() -> None:
    """A worker that is lost must not take its job with it. A job that is not done in `lease`
    seconds is handed out again, until it has been tried three times. A result that comes twice is
    kept once:

    a job kills each worker, or raises an error | that job, after three tries
    """
    shown("several-hosts/jobs", "(0, 'a') (1, 'b') None")
    with TemporaryDirectory() as folder:
        jobs = _jobs(folder)
        assert [jobs.take() for _ in range(3)] == 3 * [(0, "a")]
        assert [jobs.take() for _ in range(3)] == 3 * [(1, "b")]
        assert jobs.take() is None
        assert not jobs.are_left()
        jobs.done(0, 7.0)
        jobs.done(0, 8.0)
        assert jobs.results() == {0: 7.0}
        assert Path(folder, "results.txt").read_text("utf-8") == "\n[0, 7.0]\t"
    with TemporaryDirectory() as folder:
        jobs = _jobs(folder, "a", 60)
        jobs.take()
        assert jobs.take() is None
        assert jobs.are_left()


def why_a_lock() -> None:
    """A manager calls its objects in a thread for each client, hence the lock. With a
    `queue.Queue` instead, a job that was taken is gone when its worker is.
    """
    shown("several-hosts/jobs", "Lock()")
    import queue

    jobs: queue.Queue[str] = queue.Queue()
    jobs.put("a")
    worker = Thread(target=jobs.get)
    worker.start()
    worker.join()
    assert jobs.empty()


def results_are_json() -> None:
    """The results are JSON: a tuple becomes a list, the keys of a dict become strings, and what
    JSON does not have, such as a set or an `int64` of NumPy, raises `TypeError` in `done()`.
    """
    with TemporaryDirectory() as folder:
        jobs = _jobs(folder, "abcd")
        jobs.done(0, (1, 2))
        jobs.done(1, {1: "x"})
        for result in {1, 2}, import_module("numpy").int64(3):
            with raises(TypeError, text="is not JSON serializable"):
                jobs.done(2, result)
        assert jobs.results() == {0: [1, 2], 1: {"1": "x"}}


def a_cut_off_line() -> None:
    """A line of the file without a tab at its end was cut off, as by a full disk: its job has no
    result.
    """
    with TemporaryDirectory() as folder:
        jobs = _jobs(folder, "abc")
        jobs.done(0, 7.0)
        path = Path(folder, "results.txt")
        path.write_text(path.read_text("utf-8") + "\n[1, [2]", "utf-8")
        jobs.done(2, 9.0)
        assert jobs.results() == {0: 7.0, 2: 9.0}
        again = _jobs(folder, "abc", lease=60)
        assert (again.take(), again.take()) == ((1, "b"), None)


def how_the_worker_ends() -> None:
    """Any error ends the worker, and so does a silence of 30 seconds: whatever has started it
    starts it again. That is the only way back that it needs. Keep `JOBS_LIMIT` longer than the
    longest job, and the lease longer than `JOBS_LIMIT`: then the worker has ended before its job
    is handed out again.
    """
    shown("several-hosts/worker", '"JOBS_LIMIT", "30"', "JOBS_KEY is not set", "exit status 1")
    assert "except" not in (PROGRAMS / "worker.py").read_text("utf-8")


def on_one_machine() -> None:
    """This program starts the three scripts on one machine, for you to try:

    A worker is killed here.

    It ends at once, as after `os._exit()`: no `finally` runs.
    """
    shown("several-hosts/two_workers", 'script("worker.py", HOST, port) as red')
    shown("several-hosts/worker_killed", "killed: -9\n")
    code = """
    import faulthandler
    import time
    faulthandler.dump_traceback_later(0.1, exit=True)
    try:
        time.sleep(60)
    finally:
        print("finally")
    """
    from textwrap import dedent

    ended = script(dedent(code))
    assert (ended.status, ended.stdout) == (1, "")
    assert "Timeout (0:00:00.100000)!" in ended.stderr


ENDED = """
import os, signal, sys
sys.path.append(FOLDER)
from _scripts import server
with server(lease=60) as (process, port):
    print(process.pid, flush=True)
    os.kill(os.getpid(), signal.NUMBER)
"""


def how_it_starts() -> None:
    """`_scripts.py`, a file beside the programs, runs `server.py` on `127.0.0.1` with a new key,
    and ends what it has started, also after Ctrl-C, SIGTERM or SIGHUP. If the program is killed
    with SIGKILL, the server and its folder stay.
    """
    text = (PROGRAMS / "_scripts.py").read_text("utf-8")
    assert 'HOST = "127.0.0.1"' in text
    assert "secrets.token_hex(32)" in text
    if sys.platform == "win32" or get_start_method() != "fork":
        return
    for number in "SIGINT", "SIGTERM", "SIGHUP", "SIGKILL":
        with TemporaryDirectory() as folder:
            code = ENDED.replace("FOLDER", repr(str(PROGRAMS))).replace("NUMBER", number)
            ended = subprocess.run(
                [sys.executable, "-c", code], stdout=PIPE, stderr=subprocess.DEVNULL, text=True,
                env=os.environ | {"TMPDIR": folder}, check=False,
            )  # fmt: skip
            assert ended.returncode
            server = int(ended.stdout)
            if number == "SIGKILL":
                os.kill(server, signal.SIGKILL)
                assert os.listdir(folder)
            else:
                assert not os.listdir(folder)
                with raises(ProcessLookupError):
                    os.kill(server, 0)


SSH = """#!/bin/sh
test "$1" = -t || exit 9
shift 2
cd "$(dirname "$0")/home"
exec nsenter --net=/proc/PROCESS/ns/net sh -c "$*"
"""
SCP = """#!/bin/sh
shift
cp -p key worker.py "$(dirname "$0")/home"
"""


def _commands() -> list[str]:
    """The blocks of commands, as they stand on the page."""
    fences, _ = read_fences(PAGE.read_text("utf-8").splitlines(), PAGE.name)
    return [fence.source for fence in fences if fence.language == "bash"]


def _tools(folder: str, **texts: str) -> None:
    for name, text in texts.items():
        path = Path(folder, name)
        path.write_text(text, "utf-8")
        path.chmod(0o755)


def on_several_hosts() -> None:
    """On the host of the server, `10.0.0.1` here, in a folder with the three files. The last line
    keeps running:

    In a second terminal there, for each other host:

    The key is in a file of its owner, and goes to the programs in an environment variable.

    The server listens at the address that you name, and nowhere else.

    The server does not end by itself.
    """
    if not _on_hosts():
        return
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    with (
        TemporaryDirectory() as folder,
        hosts(SERVER, "10.0.0.2") as (first, other),
        ExitStack() as stack,
    ):
        tools, home, place = (str(Path(folder, name)) for name in ("bin", "bin/home", "place"))
        for made in tools, home, place:
            os.mkdir(made)
        for name in "jobs.py", "server.py", "worker.py":
            shutil.copy(PROGRAMS / name, place)
        _tools(tools, ssh=SSH.replace("PROCESS", str(other.process)), scp=SCP)
        variables = {"PATH": f"{tools}:{path}", "TMPDIR": folder}
        variables["LD_LIBRARY_PATH"] = os.environ.get("LD_LIBRARY_PATH", "")
        start, work, _ = _commands()
        lines = start.strip().rsplit("\n", 1)
        server = subprocess.Popen(
            first.line("sh", "-c", f"{lines[0]}\nexec {lines[1]}"),
            cwd=place, env=variables, stdout=PIPE, text=True,
        )  # fmt: skip
        stack.callback(server.communicate)
        stack.callback(server.kill)
        assert server.stdout
        assert server.stdout.readline() == f"listens at {SERVER} {PORT}\n"
        key = Path(place, "key")
        assert (len(key.read_text("utf-8")), key.stat().st_mode & 0o77) == (65, 0)
        subprocess.run(["sh", "-c", work], cwd=place, env=variables, check=True, timeout=TIME_LIMIT)
        assert len(Path(place, "results.txt").read_text("utf-8").split("\t")) == 9
        assert server.poll() is None
        command = Path(f"/proc/{server.pid}/cmdline").read_text("utf-8")
        assert key.read_text("utf-8").strip() not in command
        elsewhere = "import socket; socket.create_connection(('127.0.0.1', 50000))"
        line = first.line(sys.executable, "-c", elsewhere)
        refused = subprocess.run(line, stderr=PIPE, text=True, check=False)
        assert "ConnectionRefusedError" in refused.stderr


def the_rules() -> None:
    """Let the firewall pass this port from the workers' hosts only.

    Use one Python version on all hosts.

    When the loops have ended, press Ctrl-C.

    The loop around the worker tries again and again, but nothing starts the tunnel again: do that.
    """
    no_fact("advice")


def with_a_terminal() -> None:
    """With `-t`, Ctrl-C ends the loop on the other host, and so does closing the terminal. Without
    it, the loop goes on there.
    """
    no_fact("seen with OpenSSH 9.2; the checks have no second host that ssh could reach")


def missing_numbers() -> None:
    """A number that is missing in `results.txt` is that of a job that failed three times, and
    nothing else reports it. It tries only the numbers that are missing in the file. So name a new
    file if anything else has changed, or you get the old results.
    """
    with TemporaryDirectory() as folder:
        jobs = _jobs(folder)
        for number in 0, 0, 0, 1:
            assert jobs.take()[0] == number
        jobs.done(1, 7.0)
        assert (jobs.take(), jobs.are_left(), jobs.results()) == (None, False, {1: 7.0})
        again = _jobs(folder, "cd", lease=60)
        assert (again.take(), again.take()) == ((0, "c"), None)
        assert again.results() == {1: 7.0}


def another_key() -> None:
    """To start the server again, repeat the last two lines only: with a new key, the workers get
    `AuthenticationError`.
    """
    start = _commands()[0].strip().splitlines()
    assert [line.split()[0] for line in start[-2:]] == ["export", "python3"]
    if get_start_method() != "fork" or sys.platform == "win32":
        return
    with _beside("_scripts").server(lease=60) as (_, port):
        line = [sys.executable, str(PROGRAMS / "worker.py"), "127.0.0.1", port]
        other = os.environ | {"JOBS_KEY": "another"}
        ended = subprocess.run(line, env=other, stderr=PIPE, text=True, check=False)
    assert "AuthenticationError" in ended.stderr
    assert ended.returncode == 1


def same_modules() -> None:
    """The calls are pickled, and what one side sends, the other must be able to import, classes
    of exceptions as well.
    """
    sender, receiver = Pipe()
    sender.send_bytes(b"cof_one_host\nWeight\n.")  # `of_one_host.Weight`, by name
    with raises(ModuleNotFoundError, text="of_one_host"):
        receiver.recv()
    assert pickle.loads(pickle.dumps(ValueError, 0)) is ValueError
    assert pickle.dumps(ValueError, 0).startswith(b"c")


def copies() -> None:
    """Nothing is shared: a call sends a copy of its arguments, and brings a copy of the result.
    `samples.get(start, stop)` moves one part of 10 MB, so no worker needs memory for the whole
    array, and a lost connection costs one part. Send results in parts in the same way, and change
    things by a method of the server: between a `get` and a `set`, another host can do the same.

    Tools that share memory do not leave their machine:
    """
    shown("several-hosts/server", "SIZE, PART = 10_000_000, 1_250_000  # numbers of 8 bytes")
    samples = _beside("server").Samples()
    assert len(samples.get(0, 1_250_000).tobytes()) == 10_000_000
    shown("several-hosts/does_not_cross", "Lock objects should only be shared between processes")
    with raises(RuntimeError, text="through inheritance"):
        pickle.dumps(Lock())
    if sys.platform != "win32":
        with _beside("_scripts").server(lease=60) as (_, port):
            shared = _beside("worker").connect("127.0.0.1", port)
            given = shared.samples().get(0, 2)
            given[0] = 7.0
            assert shared.samples().get(0, 2)[0] == 0.0


ATTACH = """
import pickle, sys
pickle.loads(bytes.fromhex(sys.argv[1]))
"""


def a_block_there() -> None:
    """On another host, a `SharedMemory` that has arrived there as a name raises
    `FileNotFoundError`, or is another block of that name.
    """
    shown("several-hosts/does_not_cross", "only the name is sent: True")
    if not _on_hosts():
        return
    from multiprocessing.shared_memory import SharedMemory

    block = SharedMemory(create=True, size=100)
    try:
        sent = pickle.dumps(block).hex()
        other = "mount -t tmpfs tmpfs /dev/shm\n"  # as another host has its own
        (file,) = Path("/dev/shm").glob(f"{block.name}*")
        make = f"head -c 4096 /dev/zero > {file}\n"
        for before, expected in (other, "FileNotFoundError"), (other + make, ""):
            command = f'{before}exec "$@"'
            line = ["unshare", "--mount", "sh", "-c", command, "sh"]
            python = [sys.executable, "-c", ATTACH, sent]
            ran = subprocess.run([*line, *python], stderr=PIPE, text=True, check=False)
            assert expected in ran.stderr, ran.stderr
            assert bool(ran.returncode) == bool(expected), ran.stderr
    finally:
        block.close()
        block.unlink()


def killed_workers() -> None:
    """
    a worker is killed with a job | nothing: the job is done again, after the lease

    a worker is killed after the work, before `done()` | nothing; the work is done twice

    The counter has counted its work, and the work of the worker that did it again:

    Nor does a new try tell whether `add(1)` has been counted when its answer is lost. If a number
    must be right, derive it from the results.
    """
    shown("several-hosts/worker_killed", "killed: -9", "results: 8", "counter: 9")


def cut_off_with_a_job() -> None:
    """
    a host is cut off with a job | nothing; its late `done()` does not count a second time

    the server | nothing; the connection's thread and its open file stay

    A call that was waiting gets its answer, if the server and the worker still run, and the limit
    has not come.

    If the worker has ended meanwhile, the server notices now, and its thread ends.
    """
    if not _on_hosts():
        return
    with _made(lease="1") as (server, red, blue), _client(blue) as client:
        assert client.ask("jobs.take()") == "(0, (0, 1250000))"
        blue.set_cable("down")
        ended = _worker(red)
        assert ended.returncode == 0, ended.stderr
        client.tell("jobs.done(0, 7.0)")
        before = server.threads()
        time.sleep(SURE)
        assert server.threads() == before
        blue.set_cable("up")
        assert client.answer() == "None"
        assert client.ask("sum(jobs.results().values())") == "4995000000.0"
        assert client.ask("counter.add(0)") == "8"
        blue.set_cable("down")
        client.kill()
        time.sleep(SURE)
        assert server.threads() == before
        blue.set_cable("up")
        assert until(lambda: server.threads() < before)


def the_kernel_gives_up() -> None:
    """
    a worker that waits for an answer | it waits forever: nobody tells it

    a new worker, in the same network | `OSError: No route to host`, after some seconds
    """
    if not _on_hosts():
        return
    with _made() as (server, _, blue):
        with _client(blue) as waits, _client(blue) as sends:
            for client in waits, sends:
                client.ask("counter.add(1)")
            server.process.send_signal(signal.SIGSTOP)  # so that the answer does not come
            os.waitpid(server.process.pid, os.WUNTRACED)  # until it has stopped
            waits.tell("counter.add(1)")
            time.sleep(SURE)
            _set(blue, "net.ipv4.tcp_retries2", 2)
            blue.set_cable("down")
            answer = sends.ask("counter.add(1)")
            assert answer.startswith(("TimeoutError", "OSError [Errno 113]")), answer
            assert waits.waits()
        server.process.send_signal(signal.SIGCONT)
        _set(blue, "net.ipv4.neigh.eth0.mcast_solicit", 1)
        ended = _worker(blue)
        assert "OSError: [Errno 113] No route to host" in ended.stderr, ended.stderr
        _set(blue, "net.ipv4.tcp_syn_retries", 1)
        blue.set_cable("up")
        blue.ip("neigh", "replace", "10.0.0.1", "lladdr", "02:00:00:00:00:09", "dev", "eth0")
        ended = _worker(blue)  # the packets go, and nobody takes them
        assert "TimeoutError: [Errno 110] Connection timed out" in ended.stderr, ended.stderr


def _set(host: Host, name: str, value: int) -> None:
    """A setting of the network of a host; the real one makes a check take too long."""
    line = host.line("sysctl", "-q", "-w", f"{name}={value}")
    subprocess.run(line, check=True)


def the_limit_of_a_worker() -> None:
    """So the worker sets a limit itself: `faulthandler.dump_traceback_later(limit, exit=True)`
    ends the process, even one that waits in a call, and prints where it was. Here a stopped
    server stands for a cut cable:
    """
    shown("several-hosts/no_answer", "SIGSTOP", "exit status: 1 - Timeout (0:00:01)!")
    shown("several-hosts/no_answer", "exit status of the next worker: 0")
    if not _on_hosts():
        return
    with _made() as (_, red, blue), _client(red) as client:
        for _ in range(8):  # so that the worker asks again and again
            client.ask("jobs.take()")
        program = str(PROGRAMS / "worker.py")
        line = blue.line(sys.executable, program, SERVER, str(PORT))
        variables = VARIABLES | {"JOBS_LIMIT": "3"}
        before = client.ask("jobs.are_left()")
        worker = subprocess.Popen(line, env=variables, stderr=PIPE, text=True)
        try:
            time.sleep(SURE)
            blue.set_cable("down")
            _, error = worker.communicate(timeout=TIME_LIMIT)
        finally:
            worker.kill()
        assert (before, worker.returncode) == ("True", 1)
        assert "Timeout (0:00:03)!" in error or "No route to host" in error, error


def no_time_out() -> None:
    """Neither `connect()` nor a proxy has a time-out, and `socket.setdefaulttimeout()` has no
    effect on them. On Linux, if the cable is cut:
    """
    if get_start_method() != "fork":
        return
    with socket.socket() as silent:  # it listens, and the system accepts
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        code = f"""
import socket
from multiprocessing.managers import BaseManager
socket.setdefaulttimeout(0.1)
print("connects", flush=True)
BaseManager({silent.getsockname()}, b"spring").connect()
"""
        assert script(code, hangs_after="connects").status is None


def killed_servers() -> None:
    """
    the server is killed | what is in memory: the counter, the dictionary, who has which job

    the server is killed, and its results are in a file | no result that `done()` has confirmed

    the server's host crashes | also results that are not on its disk yet

    A server that was killed can be started at the same address at once. Jobs without a result are
    then all free, also those that a worker still has. Old proxies stay broken: a new process, as
    here, has none.
    """
    shown("several-hosts/server_killed", "of job 0: 1.0", "counter: 7", "the old proxy still fails")
    with TemporaryDirectory() as folder:
        jobs = _jobs(folder, lease=60)
        assert (jobs.take(), jobs.take()) == ((0, "a"), (1, "b"))
        jobs.done(0, 7.0)
        again = _jobs(folder, lease=60)
        assert (again.take(), again.take()) == ((1, "b"), None)
    assert "fsync" not in (PROGRAMS / "jobs.py").read_text("utf-8")


def restarted_while_cut_off() -> None:
    """If the server was started again meanwhile, the call raises `EOFError` or
    `ConnectionResetError`.
    """
    if not _on_hosts():
        return
    with _made() as (server, red, blue), _client(blue) as client:
        assert client.ask("jobs.take()") == "(0, (0, 1250000))"
        blue.set_cable("down")
        server.kill()
        server.start()
        client.tell("jobs.take()")
        blue.set_cable("up")
        answer = client.answer()
        assert answer.startswith(("EOFError", "ConnectionResetError")), answer
        ended = _worker(red)
        assert ended.returncode == 0, ended.stderr


def two_answers() -> None:
    """Do not catch a time-out and then use the same proxy again: the late answer to the first call
    would be taken for the answer to the second. A signal handler that raises an error has this
    fault.
    """
    if sys.platform == "win32" or get_start_method() != "fork":
        return
    with _beside("_scripts").server(lease=60) as (process, port):
        counter = _beside("worker").connect("127.0.0.1", port).counter()
        counter.add(1)

        def late(*_: object) -> None:
            raise TimeoutError

        before = signal.signal(signal.SIGALRM, late)
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)  # until it has stopped
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with raises(TimeoutError):
                counter.add(10)
        finally:
            signal.signal(signal.SIGALRM, before)
            process.send_signal(signal.SIGCONT)
        assert counter.add(100) == 11  # the answer to the call before
        assert counter.add(0) == 111


def no_keepalive() -> None:
    """Only the thread of a host that never comes back stays until the server ends: a manager does
    not switch TCP keepalive on.
    """
    if get_start_method() != "fork":
        return
    with Listener(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        accepted = pool.submit(listener.accept)
        from multiprocessing.connection import Client

        with Client(listener.address) as one, accepted.result() as other:
            for connection in one, other:
                with socket.socket(fileno=os.dup(connection.fileno())) as end:
                    assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 0


KEEPS = """
import sys
from multiprocessing.connection import Client, Listener
FRAGMENT
if sys.argv[1:]:
    with Client(("10.0.0.1", 50000)) as connection:
        notice_a_lost_host(connection)
        print("waits", flush=True)
        try:
            if sys.stdin.readline().strip() == "send":
                connection.send("too late")
            connection.recv()
        except OSError as error:
            print(type(error).__name__, flush=True)
else:
    with Listener(("10.0.0.1", 50000)) as listener:
        print("listens", flush=True)
        connections = []
        while True:
            connections.append(listener.accept())
"""


def keepalive() -> None:
    """With a `Listener` and a `Client` of your own, you have the connection. This makes `recv()`
    raise `TimeoutError`, or another `OSError`, about 25 seconds after the other host has gone, on
    Linux:

    The last line is for a message of yours that has not arrived: keepalive alone does not notice
    that.
    """
    fences, _ = read_fences(PAGE.read_text("utf-8").splitlines(), PAGE.name)
    (fragment,) = (f.source for f in fences if f.language == "python" and not f.include)
    idle, interval, count = (int(fragment.split(name)[1].split(")")[0].strip(" ,"))
                             for name in ("KEEPIDLE", "KEEPINTVL", "KEEPCNT"))  # fmt: skip
    assert idle + interval * count == 25
    (last,) = (line for line in fragment.splitlines() if "TCP_USER_TIMEOUT, 25_000)" in line)
    if not _on_hosts():
        return
    for name in "KEEPIDLE, 10", "KEEPINTVL, 5", "KEEPCNT, 3":
        assert name in fragment
        fragment = fragment.replace(name, f"{name.split(',')[0]}, 1")
    short = fragment.replace("25_000", "2_000")
    alone = fragment.replace(last, "")
    with hosts(SERVER, "10.0.0.2") as (first, other), ExitStack() as stack:

        def start(host: Host, text: str, says: str, *words: str) -> "subprocess.Popen[str]":
            line = host.line(sys.executable, "-c", KEEPS.replace("FRAGMENT", text), *words)
            process = subprocess.Popen(
                line, stdin=PIPE, stdout=PIPE, stderr=subprocess.DEVNULL, text=True
            )
            stack.callback(process.communicate)
            stack.callback(process.kill)
            assert process.stdout
            assert process.stdout.readline() == says
            return process

        start(first, short, "listens\n")
        unnoticed, sends, waits = (
            start(other, text, "waits\n", "client") for text in (alone, short, short)
        )
        other.set_cable("down")
        assert unnoticed.stdin
        unnoticed.stdin.write("send\n")
        unnoticed.stdin.flush()
        assert sends.communicate("send\n", TIME_LIMIT)[0] in {"TimeoutError\n", "OSError\n"}
        assert waits.communicate("wait\n", TIME_LIMIT)[0] == "TimeoutError\n"
        time.sleep(SURE)
        assert unnoticed.poll() is None


def a_hanging_program() -> None:
    """A host that is alive and a program that hangs look the same to keepalive. Against the
    second, `poll(timeout)` before `recv()` helps.

    The server's queue of new connections is short: workers that come while it is full can wait
    forever in `connect()`. The limit ends them, too, and the loop starts them again.
    """
    one, other = Pipe()
    assert not one.poll(0.01)
    other.send(1)
    assert one.poll(0.01)
    text = (PROGRAMS / "worker.py").read_text("utf-8")
    main = text.split("def main")[1]
    assert main.index("dump_traceback_later") < main.index("connect(")
    assert "until python3 worker.py" in PAGE.read_text("utf-8")


def trust() -> None:
    """Whoever has the key can run code on the server, and the server on every worker: all hosts
    are as safe as the least safe one. What is sent is not encrypted.

    The worker then connects to `127.0.0.1 50000`.

    Every user of the worker's host can reach that port, so the key is still needed.
    """
    shown("untrusted-data/manager_runs_code", "os.getpid")
    assert 'connect(host="127.0.0.1", port=50000)' in (PROGRAMS / "worker.py").read_text("utf-8")
    if get_start_method() == "fork":
        with (
            Listener(("127.0.0.1", 0)) as listener,
            socket.socket() as plain,
            ThreadPoolExecutor(1) as pool,
        ):
            accepted = pool.submit(listener.accept)
            plain.connect(listener.address)
            with accepted.result() as connection:
                connection.send("a secret")
                assert b"a secret" in plain.recv(100)


def with_redis() -> None:
    """
    jobs with acknowledgement | a class of yours, 40 lines | a stream: `XREADGROUP`, `XACK`,
    `XAUTOCLAIM`

    the server is killed | what your methods have written is kept | with `appendfsync always`, all
    that was answered is kept

    no answer | the call waits forever | the client has a time-out, by default 5 seconds

    the server is back | you need new proxies | the client connects again

    a change of your own | any method of a Python object | its commands, or a script

    whoever gets in | runs code | reads and deletes data

    The jobs of its page run on several hosts as they are: they need nothing but the URL.
    """
    lines = (PROGRAMS / "jobs.py").read_text("utf-8").splitlines()
    assert sum(map(bool, lines)) == 40
    shown("redis/stream_queue", "xreadgroup(", "xack(", "xautoclaim(")
    shown("redis/server_killed", "appendfsync always", "kept: True - all answered: True")
    if not _on_hosts() or not shutil.which("redis-server"):
        return
    Redis = import_module("redis").Redis
    with Redis() as client:
        assert client.connection_pool.make_connection().socket_timeout == 5
    folder = str(ROOT / "examples" / "redis")
    with hosts(SERVER, "10.0.0.2", "10.0.0.3") as (first, *others), TemporaryDirectory() as place:
        options = ["--bind", SERVER, "--protected-mode", "no", "--save", "", "--dir", place]
        limit = ["--maxmemory", "400mb", "--unixsocket", f"{place}/redis.sock"]
        server = subprocess.Popen(
            first.line("redis-server", *options, *limit), stdout=subprocess.DEVNULL
        )
        try:
            assert until(Path(place, "redis.sock").exists)
            with Redis(unix_socket_path=f"{place}/redis.sock") as client:
                client.xgroup_create("jobs", "all", mkstream=True)
                for job in "a", "b", "c":
                    client.xadd("jobs", {"name": job})
                statuses = [
                    subprocess.run(
                        host.line(sys.executable, "-c", f"""
import sys
sys.path.append({folder!r})
from stream_queue import work
work("redis://{SERVER}:6379", {name!r})
"""), check=False).returncode
                    for host, name in zip(others, ["worker-1", "worker-2"], strict=True)
                ]  # fmt: skip
                assert statuses == [-signal.SIGKILL, 0]
                assert client.smembers("done") == {b"a", b"b", b"c"}
        finally:
            server.terminate()
            server.wait()
