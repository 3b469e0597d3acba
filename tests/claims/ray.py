"""What docs/beyond/ray.md says."""

import atexit
import inspect
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from functools import cache, partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing import get_start_method
from pathlib import Path
from typing import Any

from tests.claims import ROOT, SURE, TIME_LIMIT, no_fact, raises, shown
from tests.claims._beside import beside
from tests.claims._hosts import hosts, possible
from tests.claims._until import until
from tests.claims._workers import fail_once, only_in_the_parent

PAGE = ROOT / "docs" / "beyond" / "ray.md"
PROGRAMS = ROOT / "examples" / "ray"
ONCE = "fork"  # Ray starts its processes in the same way under each start method
HERE = find_spec("ray") is not None and sys.platform == "linux"
LONG = 8 * TIME_LIMIT  # a start of Ray takes long on a busy machine
_until = partial(until, limit=LONG)
_until_the_end = ExitStack()


def _runs() -> bool:
    return HERE and get_start_method() == ONCE


@cache
def _ray() -> Any:
    """Ray with the cluster of the programs, which ends with this process."""
    _until_the_end.enter_context(beside(PROGRAMS, "_cluster").cluster())
    atexit.register(_until_the_end.close)
    ray = import_module("ray")
    # the workers cannot import these
    for name in __name__, "tests.claims._until", "tests.claims._workers":
        ray.cloudpickle.register_pickle_by_value(sys.modules[name])
    return ray


def what_it_is_for() -> None:
    """Ray runs functions and objects in workers on one machine or on several. Use it if one machine
    is too small, or if tasks pass large results to each other. If one program starts all its
    workers, Python has the same without a server:
    """
    no_fact("what Ray is for, and advice")


def one_array_for_all() -> None:
    """An array in its store is there once on each machine, and all workers read it without a copy.

    `ray.put()` copies the array to shared memory. What `ray.get()` and the tasks receive is that
    memory, and read-only. To change the array, a task has to copy it first, and return it.
    """
    shown("ray/big_array", "shared, assignment destination is read-only", "array.copy()")
    shown("ray/big_array", "samples[1] = -1", "stored: [0. 1.]")
    if _runs():
        ray, numpy = _ray(), import_module("numpy")
        stored = ray.put(numpy.zeros(1_000_000))
        array, again = ray.get(stored), ray.get(stored)
        assert not array.flags.writeable
        assert array.ctypes.data == again.ctypes.data


def nothing_survives() -> None:
    """By default, nothing survives the head of a cluster: what must survive belongs in a database
    or a file.

    The GCS is the process of the head that knows all hosts and actors. Here it is killed, and then
    Ray is started again:

    A new start has nothing of what was before, not even an actor that is `detached`.

    the GCS of the head | the cluster, and each program that uses it
    """
    shown("ray/head_killed", 'lifetime="detached"', "get_if_exists=True", '"gcs_server"')
    shown("ray/head_killed", "exit code 1\ncounted to 1\nexit code 0")


def without_the_gcs() -> None:
    """An actor that is there still answers."""
    shown("ray/head_killed", "still there: 2\nexit code 1\n", 'print("this is not printed")')
    shown("ray/head_killed", '"gcs_rpc_server_reconnect_timeout_s": 2', "within 2 seconds")


def in_place_of_what() -> None:
    """
    a counter | an actor | `Value`

    a dictionary | an actor | `Manager`

    jobs | a task, with `remote()` | `ProcessPoolExecutor`

    a big array | `ray.put()`, read-only | `SharedMemory`, which all can change
    """
    shown("ray/counter", "Counter.remote()")
    shown("ray/dictionary", "Words.remote()")
    shown("ray/worker_killed", "work.remote(")
    shown("ray/big_array", "ray.put(", "read-only")
    shown("numpy-array/own_rows", "buffer=")


def what_they_need() -> None:
    """The programs need `pip install ray numpy`. Each program starts Ray with `_cluster.cluster()`,
    which is in a file beside it. In a program of your own, write `ray.init()` in its place.
    """
    for program in PROGRAMS.glob("[a-z]*.py"):
        assert "import _cluster" in program.read_text("utf-8")


def one_at_a_time() -> None:
    """An actor is an object in a worker of its own, which runs its methods one at a time, unless
    they are `async` or it has `max_concurrency`. `remote()` returns a reference at once, and
    `ray.get()` waits for the result.
    """
    shown("ray/counter", "ray.get(counter.add.remote(1))", "actor: 200")
    if _runs():
        ray = _ray()

        class Slow:
            def wait(self, file: str) -> bool:
                return until(Path(file).exists, LONG)

            def enter(self) -> int:
                return os.getpid()

        with tempfile.TemporaryDirectory() as folder:
            slow = ray.remote(Slow).remote()
            waits, enters = slow.wait.remote(f"{folder}/go"), slow.enter.remote()
            assert ray.wait([waits, enters], num_returns=1, timeout=SURE)[0] == []
            Path(folder, "go").touch()
            assert ray.get(waits, timeout=LONG)
            assert ray.get(enters, timeout=LONG) != os.getpid()


def a_copy() -> None:
    """`ray.get()` returns a copy, so only methods of the actor change the dictionary."""
    shown("ray/dictionary", "ray.get(words.get.remote()).clear()", "('red', 3)")


def it_runs_again() -> None:
    """Ray runs a task again if its worker dies. Here workers are killed after the work, and before
    its end:

    A task that counts in an actor would then count twice.
    """
    shown("ray/worker_killed", "os.kill(os.getpid(), signal.SIGKILL)", "times: 2")
    shown("ray/worker_killed", "The worker died unexpectedly while executing this task")


def _owns() -> tuple[list[Any], int]:
    return [import_module("ray").put(bytes(1_000_000))], os.getpid()


def an_owner_dies() -> None:
    """The owner of an object is the process that called `ray.put()` or `remote()` for it. If it
    dies, others get an `OwnerDiedError`, even if the value is still in a store.

    a worker, during a task | the objects that it owns; the task runs again
    """
    shown("ray/worker_killed", "os.kill(os.getpid(), signal.SIGKILL)", "times: 2")
    if _runs():
        ray = _ray()
        (stored,), owner = ray.get(ray.remote(_owns).remote(), timeout=LONG)
        assert len(ray.get(stored, timeout=LONG)) == 1_000_000
        os.kill(owner, signal.SIGKILL)

        def lost() -> bool:
            try:
                ray.get(stored, timeout=LONG)
            except ray.exceptions.OwnerDiedError:
                return True
            return False

        assert _until(lost)


def it_raises() -> None:
    """A task that raises is not tried again, unless you set `retry_exceptions=True`."""
    if _runs():
        ray = _ray()
        with tempfile.TemporaryDirectory() as folder:
            with raises(ValueError, text="once"):
                ray.get(ray.remote(fail_once).remote(f"{folder}/a"), timeout=LONG)
            assert Path(folder, "a").stat().st_size == 1
            task = ray.remote(retry_exceptions=True)(fail_once)
            assert ray.get(task.remote(f"{folder}/b"), timeout=LONG) == 2


def _exit_once(file: str) -> int:
    path = Path(file)
    if not path.exists():
        path.touch()
        sys.exit()
    return 2


def it_exits() -> None:
    """But `sys.exit()` ends the worker, so the task is tried again."""
    if _runs():
        ray = _ray()
        with tempfile.TemporaryDirectory() as folder:
            assert ray.get(ray.remote(_exit_once).remote(f"{folder}/a"), timeout=LONG) == 2


def an_actor_is_lost() -> None:
    """An actor is not restarted, by default. With `max_task_retries` as well, that call is made
    again, and no error is reported.

    the worker of an actor | the actor, or with `max_restarts` its state
    """
    shown("ray/worker_killed", "{}: The actor died unexpectedly before finishing this task.")
    shown("ray/worker_killed", "{'max_restarts': 1, 'max_task_retries': 1}: [1, 2, 1]")
    if _runs():
        ray = _ray()

        class Fatal:
            def end(self) -> None:
                os.kill(os.getpid(), signal.SIGKILL)

            def add(self) -> int:
                return 1

        restarted, retried = {"max_restarts": 1}, {"max_task_retries": 1}
        for options, error in (restarted, "ActorUnavailableError"), (retried, "ActorDiedError"):
            actor = ray.remote(**options)(Fatal).remote()
            with raises(getattr(ray.exceptions, error)):
                ray.get(actor.end.remote(), timeout=LONG)
            if options is restarted:
                assert ray.get(actor.add.remote(), timeout=LONG) == 1


def others_are_copied() -> None:
    """So are the arrays in other objects, such as a `DataFrame` of pandas, and they are read-only,
    too. Objects without such arrays are copied.
    """
    shown("ray/dictionary", "# clears a copy", "('red', 3)")
    if _runs():
        ray, numpy, pandas = _ray(), import_module("numpy"), import_module("pandas")
        stored = ray.put(pandas.DataFrame({"x": numpy.zeros(1_000_000)}))
        frame, again = ray.get(stored), ray.get(stored)
        assert numpy.shares_memory(frame["x"].to_numpy(), again["x"].to_numpy())
        with raises(ValueError, text="assignment destination is read-only"):
            frame.iloc[0, 0] = 1
        for thing in ["a"] * 1000, numpy.array(["a", None]):
            stored = ray.put(thing)
            one, other = ray.get(stored), ray.get(stored)
            one[0] = "b"
            assert other[0] == "a"


def advice() -> None:
    """Pass the reference.

    See above: write to a copy.

    `ray.get()` waits.
    """
    no_fact("advice, and what the page has shown")


KILLS = """
import os, signal
import _cluster, ray
_cluster.connect(os.environ["HEAD"])

@ray.remote
def work():
    return 1

ray.get(work.remote())
os.kill(_cluster.process_of("raylet"), signal.SIGKILL)
try:
    ray.get(work.remote())
finally:
    print("this is not printed", flush=True)
"""


def the_raylet() -> None:
    """If the one of the program's own host is killed, the program gets a `LocalRayletDiedError`, or
    ends in the same way.

    the raylet of the program's host | everything there, and the program
    """
    if _runs():
        helper = beside(PROGRAMS, "_cluster")
        with helper.own_folder():
            program = subprocess.run(
                [sys.executable, "-c", KILLS],
                env=os.environ | {"PYTHONPATH": str(PROGRAMS), "HEAD": helper.start()},
                capture_output=True,
                text=True,
                timeout=LONG,
            )
        assert program.returncode == 1, program.stderr
        assert not program.stdout or "LocalRayletDiedError" in program.stderr


def what_a_raylet_is() -> None:
    """A raylet is the process of a host that holds the store and starts the workers."""
    no_fact("a definition")


def more_actors_than_cpus() -> None:
    """An actor with `num_cpus=1` holds a CPU as long as it lives. On two CPUs, a third one waits,
    and so does `ray.get()`, without an error: set `timeout=`. Without `num_cpus`, an actor holds
    none.
    """
    if _runs():
        ray = _ray()

        class One:
            def ping(self) -> int:
                return 1

        free = [ray.remote(One).remote() for _ in range(3)]
        assert ray.get([actor.ping.remote() for actor in free], timeout=LONG) == [1, 1, 1]
        first, *others = [ray.remote(num_cpus=1)(One).remote() for _ in range(2)]
        assert ray.get([actor.ping.remote() for actor in (first, *others)], timeout=LONG) == [1, 1]
        third = ray.remote(num_cpus=1)(One).remote()
        answer = third.ping.remote()
        with raises(ray.exceptions.GetTimeoutError):
            ray.get(answer, timeout=SURE)
        ray.kill(first)
        assert ray.get(answer, timeout=LONG) == 1
        for actor in free, others, [third]:
            for one in actor:
                ray.kill(one)


def by_name() -> None:
    """Workers import your modules by name, on their own host."""
    if _runs():
        ray = _ray()
        with (
            tempfile.TemporaryDirectory() as folder,
            only_in_the_parent(folder) as (_, answer),  # once the workers are there
            raises(Exception, text="No module named 'only_in_the_parent'"),
        ):
            ray.get(ray.remote(answer).remote(), timeout=LONG)


def other_versions() -> None:
    """The program and all hosts need the same version of Ray, and of Python, down to its last
    number.
    """
    if HERE:
        utils = import_module("ray._private.utils")
        ray_version, python_version = utils.compute_version_info()
        patch = python_version.rpartition(".")[0] + ".99"
        for other in (ray_version, patch), ("2.59.0", python_version):
            there = dict(zip(("ray_version", "python_version"), other, strict=True))
            with raises(RuntimeError, text="Version mismatch: The cluster was started with:"):
                utils.check_version_info(there, "here")
        there = {"ray_version": ray_version, "python_version": python_version}
        utils.check_version_info(there, "here")


def a_small_dev_shm() -> None:
    """`/dev/shm` is smaller than the store, as in a container. Give it more with
    `docker run --shm-size=2g`, or make the store smaller with `object_store_memory=`.
    """
    if HERE:
        services = import_module("ray._private.services")
        text = inspect.getsource(services.determine_plasma_store_config)
        assert "The object store is using" in text
        assert "shm_avail >= object_store_memory" in text or "shm_avail > object_store_m" in text


def _places() -> set[str]:
    """The addresses on which the processes of Ray in the current folder listen, and this one."""
    psutil = import_module("psutil")
    helper = beside(PROGRAMS, "_cluster")
    processes = [os.getpid(), *helper.processes(os.environ["RAY_TMPDIR"])]
    found = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            every = psutil.Process(process).net_connections("tcp")
            found |= {one.laddr.ip for one in every if one.status == "LISTEN"}
    return found


CUT_OFF = """
import sys
import time
from pathlib import Path
import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

@ray.remote(num_cpus=0)
def work(folder, first):
    host = ray.util.get_node_ip_address()
    Path(folder, f"{first} on {host}").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    return host

ray.init("10.0.0.1:6379", log_to_driver=False)
there = {node["NodeManagerAddress"]: node["NodeID"] for node in ray.nodes()}
calls = []
for host in "10.0.0.2", "10.0.0.3":
    place = NodeAffinitySchedulingStrategy(there[host], soft=True)
    calls.append(work.options(scheduling_strategy=place).remote(sys.argv[1], host))
print("on", *ray.get(calls))
"""
SOON = {
    "RAY_grpc_client_keepalive_time_ms": "5000",
    "RAY_grpc_client_keepalive_timeout_ms": "5000",
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "1000",
}


def _two_are_lost(variables: dict[str, str], folder: Path) -> str:
    """What a program prints whose tasks are on a host that is killed, and one that is cut off."""
    helper = beside(PROGRAMS, "_cluster")
    blocks = PAGE.read_text("utf-8").split("## Several hosts")[1].split("```bash\n")[1:4]
    commands = [block.partition("\n```")[0] for block in blocks]
    addresses = [f"10.0.0.{number}" for number in (1, 2, 3)]
    with hosts(*addresses) as (first, second, third), ExitStack() as stack:
        stack.callback(helper.kill_left, str(folder))
        head, other, program_of_theirs = commands
        lines = (first, head), (second, other), (third, other), (first, program_of_theirs)
        for host, command in lines:
            found = subprocess.run(
                host.line("sh", "-ec", command),
                cwd=folder,
                env=variables,
                capture_output=True,
                text=True,
                timeout=LONG,
            )
            assert found.returncode == 0, found.stderr
        assert found.stdout.strip() == "3", found.stderr
        with subprocess.Popen(
            first.line(sys.executable, "-c", CUT_OFF, str(folder)),
            env=variables | {"RAY_AUTH_MODE": "token"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as program:
            stack.callback(program.kill)
            assert _until(lambda: len(list(folder.glob("* on *"))) == 2)
            there = os.readlink(f"/proc/{second.process}/ns/net")
            for process in helper.processes(str(folder)):
                with suppress(OSError):
                    if os.readlink(f"/proc/{process}/ns/net") == there:
                        os.kill(process, signal.SIGKILL)
            assert _until(lambda: len(list(folder.glob("10.0.0.2 on *"))) == 2)
            third.set_cable("down")
            assert _until(Path(folder, "10.0.0.3 on 10.0.0.1").exists)
            Path(folder, "go").touch()
            return program.communicate(timeout=LONG)[0].splitlines()[-1]


def on_several_hosts() -> None:
    """On the head, whose address is `10.0.0.1` here:

    On each other host, with a copy of `~/.ray/auth_token`:

    On any of the hosts:

    `ray stop` ends what runs on a host.

    If all processes of a host are killed, its tasks run again on another one.

    If a host is cut off, or loses its power, the head marks it dead when it misses five health
    checks. A task that runs there is tried again only when its connection is given up, too: by
    default, gRPC asks after 5 minutes of silence, and waits 2 more. On all hosts, also for the
    program, set `RAY_grpc_client_keepalive_time_ms` and `RAY_grpc_client_keepalive_timeout_ms` to
    less.
    """
    if not _runs():
        return
    config = import_module("ray._raylet").Config
    assert config.health_check_failure_threshold() == 5
    assert config.grpc_client_keepalive_time_ms() == 5 * 60_000
    assert config.grpc_client_keepalive_timeout_ms() == 2 * 60_000
    if not possible():
        print("this system does not let us make network namespaces, so there are no several hosts")
        return
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    with tempfile.TemporaryDirectory("", "ray-", "/tmp", ignore_cleanup_errors=True) as folder:
        variables = {"PATH": path, "HOME": folder, "RAY_TMPDIR": folder} | SOON
        assert _two_are_lost(variables, Path(folder)) == "on 10.0.0.1 10.0.0.1"


EVERYWHERE = """
import os, psutil, sys
os.environ.pop("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", None)
import ray
small = {"num_cpus": 1, "object_store_memory": 100_000_000, "include_dashboard": False}
ray.init("local", _node_ip_address="10.0.0.1", **small)
here = psutil.Process()
for process in here, *here.children(recursive=True):
    for one in process.net_connections("tcp"):
        if one.status == "LISTEN":
            print(one.laddr.ip)
ray.shutdown()
"""


def open_ports() -> None:
    """On Linux, most of its ports are open on all interfaces, also with `ray.init("local")`."""
    if _runs() and possible():  # on a host of its own, so that nobody else reaches them
        helper = beside(PROGRAMS, "_cluster")
        with hosts("10.0.0.1") as (host,), helper.own_folder():
            program = subprocess.run(
                host.line(sys.executable, "-c", EVERYWHERE),
                capture_output=True,
                text=True,
                timeout=LONG,
            )
        places = program.stdout.split()
        everywhere = [place for place in places if place in ("0.0.0.0", "::")]
        assert len(everywhere) > len(places) / 2, (places, program.stderr)


def a_token() -> None:
    """Nothing is encrypted by default, so use Ray in a network where you trust everyone. Pickles
    from others are code, too.
    """
    shown("untrusted-data/recv_runs_code", "recv()")
    if _runs():
        _ray()
        assert os.environ["RAY_AUTH_MODE"] == "token"
        assert not import_module("ray._private.ray_constants").env_bool("RAY_USE_TLS", False)


def _worker() -> int:
    return os.getpid()


def how_they_start() -> None:
    """`cluster()` runs `ray start --head` with two CPUs, a store of 200 MB and a token of
    its own, without dashboard, in a new folder. `RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0` says, also on
    Linux, that there are no other hosts: then all ports are on `127.0.0.1`. It has to be set before
    Ray is imported.
    """
    if HERE:
        line = " ".join(beside(PROGRAMS, "_cluster").HEAD)
        assert line.startswith("start --head --num-cpus=2 --object-store-memory=200000000")
        assert "--include-dashboard=false" in line
    if _runs():
        ray = _ray()
        ray.get(ray.remote(_worker).remote(), timeout=LONG)
        assert {place.removeprefix("::ffff:") for place in _places()} == {"127.0.0.1"}
        assert ray.cluster_resources()["CPU"] == 2
        assert not ray.is_initialized() or os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


STARTS = """
import signal, time
import _cluster, ray
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background, it is ignored

@ray.remote
def wait():
    time.sleep(1_000_000)  # for a signal

with _cluster.cluster() as folder:
    print(folder, flush=True)
    ray.get(wait.remote())
"""


def how_they_end() -> None:
    """At the end, `cluster()` kills all processes of Ray, and removes the folder, also after Ctrl-C
    and SIGTERM. If the program is killed with SIGKILL, Ray and the folder stay.
    """
    if not _runs():
        return
    helper = beside(PROGRAMS, "_cluster")
    statuses = {signal.SIGINT: -2, signal.SIGTERM: 128 + 15, signal.SIGKILL: -9}
    for number, status in statuses.items():
        with (
            subprocess.Popen(
                [sys.executable, "-c", STARTS],
                env=os.environ | {"PYTHONPATH": str(PROGRAMS)},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                process_group=0,
            ) as program,
            ExitStack() as stack,
        ):
            stack.callback(program.kill)
            assert program.stdout
            folder = program.stdout.readline().strip()
            assert len(helper.processes(folder)) > 2
            program.send_signal(number)
            assert program.wait(TIME_LIMIT * 2) == status
        left = number == signal.SIGKILL
        assert Path(folder).exists() == left
        assert bool(helper.processes(folder)) == left
        if left:
            helper.kill_left(folder)
            shutil.rmtree(folder)


def it_gives_up() -> None:
    """Ray gives up a start that takes 30 seconds, with `The current node timed out during startup`:
    `cluster()` tries it three times.
    """
    if HERE:
        text = inspect.getsource(import_module("ray._private.node"))
        assert "raylet_start_wait_time_s = 30" in text
        assert "The current node timed out during" in text
        assert beside(PROGRAMS, "_cluster").TRIES == 3


def versions() -> None:
    """Run with Ray 2.60.0."""
    if HERE:
        assert version("ray") == "2.60.0"
