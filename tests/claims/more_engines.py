"""What docs/beyond/more-engines.md says."""

import faulthandler
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import c_double, c_uint8
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import Pipe, Process, get_context, get_start_method
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.claims import ONCE, ROOT, SURE, TIME_LIMIT, no_fact, raises, shown
from tests.claims._beside import beside
from tests.claims._until import until

PROGRAMS = ROOT / "examples" / "more-engines"
LINUX = sys.platform == "linux"
FIRST, SECOND, SIZE = 1.0, 7.0, 8000  # two numbers, and the bytes of a message
STARTS = """\
import sys
from time import sleep
import _engines
with _engines.own_folder() as folder, getattr(_engines, sys.argv[1])(folder) as server:
    print(folder, server.process.pid, flush=True)
    while True:
        sleep(0.1)  # a signal that comes between two steps does not end a longer one
"""
_beside = partial(beside, PROGRAMS)


def _has(command: str) -> bool:
    return LINUX and shutil.which(command, path=f"{os.environ['PATH']}:/usr/sbin") is not None


def _once(command: str) -> bool:
    """Whether to look at what a server does, without processes of multiprocessing."""
    return get_start_method() == ONCE and _has(command)


@contextmanager
def _server(name: str) -> Iterator[Any]:
    """One of the servers of the page, for one check, and the folder that it is in."""
    engines = _beside("_engines")
    with engines.own_folder() as folder, getattr(engines, name)(folder) as server:
        yield server


def _child(target: Callable[..., None], *args: object, method: str | None = None) -> int | None:
    """How a process ends that runs a function, by default under the start method of the check."""
    context: Any = get_context(method)
    process: Process = context.Process(target=target, args=args)
    process.start()
    process.join(TIME_LIMIT)
    process.kill()
    process.join()
    return process.exitcode


def choose() -> None:
    """Choose by what you share, and by what may be lost.

    Redis and PostgreSQL do most of what is below, too, and have their own pages.
    """
    no_fact("advice")


def each_kills() -> None:
    """Each program below kills a worker, the server, or both in the middle of their work, and
    shows what is left.
    """
    programs = list(PROGRAMS.glob("[a-z]*.py"))
    assert len(programs) == 7
    for program in programs:
        assert "signal.raise_signal(signal.SIGKILL)" in program.read_text("utf-8")


def the_table() -> None:
    """
    iceoryx2 | big messages on one machine, without a copy | what no reader has received, once it is
    cleaned up

    NATS | jobs and messages for many hosts | nothing that JetStream has stored; jobs may run twice

    memcached | a cache for several hosts | of the server: everything

    LMDB | a dictionary in a file, read without a copy | the open transaction

    diskcache | a cache in a folder | the open transaction; its locks stay locked

    DuckDB | analysis by one process at a time | the open transaction

    Celery | tasks over Redis or another broker | the running task, unless you set two options

    RQ | jobs over Redis | the running job, unless it has a `Retry`
    """
    shown("more-engines/iceoryx_killed", "worker-2 has ended: 0\nlast of 80 MB: None")
    shown("more-engines/nats_killed", "worker has ended: -9\nb'bill' is delivery 2")
    shown("more-engines/memcached_killed", "server killed and started, n: None")
    shown("more-engines/lmdb_killed", "killed in a transaction: -9\nn: b'1000'")
    shown("more-engines/diskcache_killed", "n: 400", "its lock: True")
    shown("more-engines/duckdb_killed", "insert into orders values (2)", "[(1,)] [(1,)]")
    shown("celery/lost_task", "default, runs: 1", "again, runs: 2")
    shown("more-engines/rq_killed", "once b'1' failed", "again b'2' finished")


def no_package() -> None:
    """If one program starts all workers, on one machine, multiprocessing's own tools need no
    package and no server.
    """
    for name in "Queue", "Value", "Manager", "Pool":
        assert hasattr(import_module("multiprocessing"), name)


# iceoryx2


def _service(folder: str, kind: Any = c_uint8, most: int | None = None) -> Any:
    """A service, whose readers can fall behind by at most that many messages."""
    iox2 = import_module("iceoryx2")
    config = _beside("_engines").iceoryx_config(folder)
    node = iox2.NodeBuilder.new().config(config).create(iox2.ServiceType.Ipc)
    service = node.service_builder(iox2.ServiceName.new("numbers"))
    service = service.publish_subscribe(iox2.Slice[kind])
    if most:
        service = service.subscriber_max_buffer_size(most)
    return service.open_or_create()


def _publisher(folder: str) -> Any:
    return _service(folder).publisher_builder().initial_max_slice_len(SIZE).create()


def _numbers(sample: Any) -> Any:
    return import_module("numpy").frombuffer(sample.payload().as_memory_view())


def _send(publisher: Any, number: float) -> Any:
    """Send an array of one number; give the array, which is in the shared memory."""
    sample = publisher.loan_slice_uninit(SIZE)
    array = _numbers(sample)
    array[:] = number
    sample.assume_init().send()
    return array


@contextmanager
def _iceoryx() -> Iterator[str]:
    with _beside("_engines").own_folder() as folder:
        yield folder


def _look(folder: str, line: Connection, does: str) -> None:
    """Receive an array, and do something with it."""
    faulthandler.disable()
    reader = _service(folder).subscriber_builder().create()
    line.send("ready")
    line.recv()
    sample = reader.receive()
    array = _numbers(sample)
    line.send((array[0], bool(array.flags.writeable)))
    if does == "write":
        array[0] = 5
    if does == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    while line.recv() != "end":
        line.send(array[0])


@contextmanager
def _reader(folder: str, does: str = "") -> Iterator[tuple[Process, Connection]]:
    line, end = Pipe()
    process = Process(target=_look, args=(folder, end, does))
    process.start()
    end.close()
    assert line.poll(TIME_LIMIT)
    assert line.recv() == "ready"
    yield process, line
    process.kill()
    process.join()


def _publish(folder: str, line: Connection) -> None:
    """Send an array when told to, and be killed when told to."""
    publisher = _publisher(folder)
    line.send("ready")
    line.recv()
    _send(publisher, FIRST)
    line.send("sent")
    line.recv()
    os.kill(os.getpid(), signal.SIGKILL)


def choose_iceoryx() -> None:
    """Choose it for images or arrays that are sent again and again. For one array, `SharedMemory`
    is enough.
    """
    no_fact("advice")


def one_machine() -> None:
    """iceoryx2 passes messages through shared memory, without a copy and without a server. It works
    between processes of one machine, and keeps nothing for later.

    A publisher that writes into the array after `send()` changes it for the readers, too.
    """
    if LINUX:
        with _iceoryx() as folder, _reader(folder) as (process, line):
            publisher = _publisher(folder)
            array = _send(publisher, FIRST)
            blocks = [path.name for path in Path("/dev/shm").glob(f"{Path(folder).name}_*")]
            assert any(name.endswith(".data") for name in blocks)
            line.send("receive")
            assert line.recv()[0] == FIRST
            array[0] = SECOND
            line.send("again")
            assert line.recv() == SECOND
            line.send("end")
            process.join()
            late = _service(folder).subscriber_builder().create()
            assert late.receive() is None


def connects() -> None:
    """A reader connects to a new publisher in `receive()`. If the publisher has ended by then, as
    `worker-2` has, what it sent is lost.
    """
    shown("more-engines/iceoryx_killed", "worker-2 has ended: 0\nlast of 80 MB: None")
    if LINUX and get_start_method() == ONCE:
        for connected in True, False:
            with _iceoryx() as folder:
                reader = _service(folder).subscriber_builder().create()
                publisher = _publisher(folder)
                if connected:
                    assert reader.receive() is None
                _send(publisher, FIRST)
                publisher.delete()
                assert (reader.receive() is not None) == connected


def _publish_and_die(folder: str) -> None:
    publisher = _publisher(folder)
    _send(publisher, FIRST)
    os.kill(os.getpid(), signal.SIGKILL)


def killed_publisher() -> None:
    """If it was killed, its memory is still there until iceoryx2 cleans up. Under `fork`, it does
    not notice the death of a child whose parent uses iceoryx2.
    """
    shown("more-engines/iceoryx_killed", "worker-1 has ended: -9\nlast of 80 MB: 9999999.0")
    if LINUX:
        iox2 = import_module("iceoryx2")
        with _iceoryx() as folder:
            reader = _service(folder).subscriber_builder().create()
            assert _child(_publish_and_die, folder) == -signal.SIGKILL
            left = partial(Path("/dev/shm").glob, f"{Path(folder).name}_*.data")
            assert list(left())
            del reader
            config = _beside("_engines").iceoryx_config(folder)
            node = iox2.NodeBuilder.new().config(config).create(iox2.ServiceType.Ipc)
            node.try_cleanup_dead_nodes()
            assert bool(list(left())) == (get_start_method() == "fork")


def stays_valid() -> None:
    """What a reader has received stays valid when its publisher ends or is killed."""
    if LINUX:
        for killed in False, True:
            with _iceoryx() as folder:
                reader = _service(folder).subscriber_builder().create()
                line, end = Pipe()
                process = Process(target=_publish, args=(folder, end))
                process.start()
                line.recv()
                line.send("send")
                line.recv()
                sample = reader.receive()
                array = _numbers(sample)
                if killed:
                    line.send("die")
                else:
                    process.terminate()
                process.join()
                assert array.sum() == FIRST * len(array)
                assert reader.receive() is None
        with _iceoryx() as folder:
            reader = _service(folder).subscriber_builder().create()
            publisher = _publisher(folder)
            _send(publisher, FIRST)
            sample = reader.receive()
            publisher.delete()
            assert _numbers(sample)[0] == FIRST


def killed_reader() -> None:
    """A killed reader does not stop the publisher."""
    if LINUX:
        with _iceoryx() as folder, _reader(folder, "killed") as (process, line):
            publisher = _publisher(folder)
            other = _service(folder).subscriber_builder().create()
            _send(publisher, FIRST)
            assert _numbers(other.receive())[0] == FIRST
            line.send("receive")
            line.recv()
            process.join()
            for number in range(9):
                _send(publisher, number)
                received = other.receive()
                assert _numbers(received)[0] == number
                del received


def it_is_ended() -> None:
    """A reader that writes is ended by SIGSEGV, although `flags.writeable` is `True`."""
    if LINUX:
        with _iceoryx() as folder, _reader(folder, "write") as (process, line):
            publisher = _publisher(folder)
            _send(publisher, FIRST)
            line.send("receive")
            assert line.recv() == (FIRST, True)
            process.join()
            assert process.exitcode == -signal.SIGSEGV


def falls_behind() -> None:
    """A reader that falls behind receives only the last two messages, and no error is reported.
    `subscriber_max_buffer_size()` of the service sets another number.

    By default, a reader can keep two.
    """
    if LINUX and get_start_method() == ONCE:
        iox2 = import_module("iceoryx2")
        for set_to, most in (None, 2), (4, 4):
            with _iceoryx() as folder:
                service = _service(folder, most=set_to)
                reader = service.subscriber_builder().create()
                publisher = service.publisher_builder().initial_max_slice_len(SIZE).create()
                assert reader.receive() is None
                for number in range(10):
                    _send(publisher, number)
                received = []
                while (sample := reader.receive()) is not None:
                    received.append(_numbers(sample)[0])
                    del sample
                assert received == list(range(10 - most, 10))
                _send(publisher, FIRST)
                _send(publisher, FIRST)
                kept = [reader.receive(), reader.receive()]
                _send(publisher, FIRST)
                with raises(iox2.ReceiveError, text="ExceedsMaxBorrows"):
                    reader.receive()
                assert _numbers(kept[0])[0] == FIRST


def keep_the_sample() -> None:
    """Keep the sample as long as you use its view: otherwise the next messages overwrite the
    memory.
    """
    if LINUX and get_start_method() == ONCE:
        for kept in True, False:
            with _iceoryx() as folder:
                reader = _service(folder).subscriber_builder().create()
                publisher = _publisher(folder)
                _send(publisher, FIRST)
                sample = reader.receive()
                array = _numbers(sample)
                if not kept:
                    del sample
                for _ in range(20):
                    _send(publisher, SECOND)
                    reader.receive()
                assert array[0] == (FIRST if kept else SECOND)


def eight_times() -> None:
    """In iceoryx2 0.10.0, use `Slice[c_uint8]`. The view of a `Slice[c_double]` is eight times as
    long as its memory.
    """
    from importlib.metadata import version

    assert version("iceoryx2") == "0.10.0"
    if LINUX and get_start_method() == ONCE:
        for kind, expected in (c_uint8, 1000), (c_double, 8 * 8000):
            with _iceoryx() as folder:
                builder = _service(folder, kind).publisher_builder()
                sample = builder.initial_max_slice_len(1000).create().loan_slice_uninit(1000)
                assert sample.payload().as_memory_view().nbytes == expected
                del sample


def _only_open(folder: str) -> None:
    _send(_publisher(folder), FIRST)


def files_stay() -> None:
    """Files stay in `/dev/shm` and `/tmp/iceoryx2`, even after a normal end. The program has them
    in a folder of its own, with `config()`, and removes them.
    """
    shown("more-engines/iceoryx_killed", "iceoryx_config(folder)", "own_folder()")
    if LINUX:
        default = import_module("iceoryx2").config.default()
        assert "/tmp/iceoryx2" in str(default.global_cfg.root_path)
        assert "iox2_" in str(default.global_cfg.prefix)
        with _iceoryx() as folder:
            assert _child(_only_open, folder) == 0
            left = partial(Path("/dev/shm").glob, f"{Path(folder).name}_*")
            assert list(left())
            assert list(Path(folder).iterdir())
        assert not list(left())
        assert not Path(folder).exists()


# NATS


def _nats(does: Callable[..., Any], *args: object, url: str = "") -> Any:
    """Run a coroutine with a client of a server, by default of one for this check."""
    import asyncio

    async def run(url: str) -> Any:
        async with await import_module("nats").connect(url) as client:
            return await does(client, *args)

    if url:
        return asyncio.run(run(url))
    with _server("nats_server") as server:
        return asyncio.run(run(server.address))


async def _jobs(client: Any, count: int, wait: float = 30.0) -> Any:
    """A subscription to that many jobs."""
    stream = client.jetstream()
    await stream.add_stream(name="jobs")
    for number in range(count):
        await stream.publish("jobs", b"%d" % number)
    config = import_module("nats").js.api.ConsumerConfig(ack_wait=wait)
    return await stream.pull_subscribe("jobs", "all", config=config)


def between_hosts() -> None:
    """NATS is a server that passes messages between hosts. Its part JetStream stores them, and
    hands out jobs. Each message is a copy.
    """
    shown("more-engines/nats_killed", "nats.connect(url)", "client.jetstream()", "jobs.fetch(1")


async def _again(client: Any) -> list[tuple[bytes, int]]:
    jobs = await _jobs(client, 1, wait=0.5)
    received = []
    for _ in range(2):
        (job,) = await jobs.fetch(1, timeout=TIME_LIMIT)
        received.append((job.data, job.metadata.num_delivered))
    return received


def handed_out_again() -> None:
    """A job that is not acknowledged within `ack_wait` is handed out again, even if its worker is
    still busy.
    """
    shown("more-engines/nats_killed", "ack_wait=2", "is delivery 2")
    if _once("nats-server"):
        assert _nats(_again) == [(b"0", 1), (b"0", 2)]


def in_progress() -> None:
    """Let a long job call `in_progress()`, and write jobs so that a second run does no harm."""
    message = import_module("nats").aio.msg.Msg
    assert "still being worked on" in message.in_progress.__doc__


async def _kept(client: Any) -> tuple[float, list[int]]:
    """The `ack_wait` after another was asked for, and what is stored once it is acknowledged."""
    jobs = await _jobs(client, 1)
    await (await jobs.fetch(1, timeout=TIME_LIMIT))[0].ack_sync()
    stream = client.jetstream()
    config = import_module("nats").js.api.ConsumerConfig(ack_wait=2)
    await stream.pull_subscribe("jobs", "all", config=config)
    await stream.add_stream(name="once", retention="workqueue")
    await stream.publish("once", b"bill")
    jobs = await stream.pull_subscribe("once", "all")
    await (await jobs.fetch(1, timeout=TIME_LIMIT))[0].ack_sync()
    stored = [(await stream.stream_info(name)).state.messages for name in ("jobs", "once")]
    return (await stream.consumer_info("jobs", "all")).config.ack_wait, stored


def stays_stored() -> None:
    """A consumer that exists keeps its `ack_wait`, whatever `config=` says.

    By default, an acknowledged job stays stored, as here, and the stream grows. Made by
    `add_stream(name="jobs", retention="workqueue")`, a stream removes it.
    """
    shown("more-engines/nats_killed", 'add_stream(name="jobs")')
    if _once("nats-server"):
        assert _nats(_kept) == (30.0, [1, 0])


async def _acknowledge(client: Any, server: Any) -> None:
    jobs = await _jobs(client, 2)
    (job,) = await jobs.fetch(1, timeout=TIME_LIMIT)
    await job.ack_sync()
    server.kill()


async def _left(client: Any) -> tuple[int, int]:
    stream = client.jetstream()
    stored = (await stream.stream_info("jobs")).state.messages
    return stored, (await stream.consumer_info("jobs", "all")).num_pending


def lost_acknowledgement() -> None:
    """If the server is killed, stored messages are still there. An acknowledgement that came just
    before can be lost: then the job runs again.
    """
    if _once("nats-server"):
        engines = _beside("_engines")
        for _ in range(8):  # it is lost in most cases
            with engines.own_folder() as folder:
                with engines.nats_server(folder) as (url, server):
                    _nats(_acknowledge, server, url=url)
                with engines.nats_server(folder) as (url, _):
                    stored, pending = _nats(_left, url=url)
            assert stored == 2
            if pending == 2:
                break


async def _publish_twice(client: Any, server: Any) -> tuple[list[int], float]:
    """How many messages are stored after each publish(), and for how long it looks for doubles."""
    import asyncio

    stream, stored = client.jetstream(timeout=TIME_LIMIT), []
    await stream.add_stream(name="jobs")
    job = partial(stream.publish, "jobs", b"bill", headers={"Nats-Msg-Id": "bill 1"})
    server.send_signal(signal.SIGSTOP)
    with raises(TimeoutError):
        await job(timeout=1)
    server.send_signal(signal.SIGCONT)
    for again in False, True:
        if again:
            await job()
        deadline = time.monotonic() + TIME_LIMIT
        while not (info := await stream.stream_info("jobs")).state.messages:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        stored.append(info.state.messages)
    return stored, info.config.duplicate_window


def stored_all_the_same() -> None:
    """If no answer comes for 5 seconds, `publish()` raises `TimeoutError`, and the message may be
    stored all the same. Sent again within two minutes with the same header `Nats-Msg-Id`, it is
    stored once.
    """
    if _once("nats-server"):
        assert import_module("nats").js.JetStreamContext(None)._timeout == 5
        with _server("nats_server") as server:
            found = _nats(_publish_twice, server.process, url=server.address)
            assert found == ([1, 1], 120)


async def _unheard(client: Any) -> bool:
    await client.publish("news", b"first")
    await client.flush()
    news = await client.subscribe("news")
    await client.publish("news", b"second")
    return bool((await news.next_msg(timeout=TIME_LIMIT)).data == b"second")


def nobody_listens() -> None:
    """Without JetStream, a message is lost if nobody listens at that moment."""
    if _once("nats-server"):
        assert _nats(_unheard)


async def _too_large(client: Any) -> int:
    with raises(import_module("nats").errors.MaxPayloadError):
        await client.publish("news", bytes(client.max_payload + 1))
    return int(client.max_payload)


def one_mebibyte() -> None:
    """A message has at most 1 MiB by default; with more, `publish()` raises `MaxPayloadError`."""
    if _once("nats-server"):
        assert _nats(_too_large) == 1024**2


def choose_nats() -> None:
    """Choose it for many services, also in other languages. If you have Redis, a stream is such a
    queue, too.
    """
    shown("redis/stream_queue", "client.xreadgroup(")


# memcached


@contextmanager
def _memcached(**options: Any) -> Iterator[Any]:
    with _server("memcached") as server:
        client = import_module("pymemcache").Client(server.address, **options)
        yield client
        client.close()


def a_cache() -> None:
    """memcached is a server that keeps values in memory, for processes on several hosts. Each value
    is a copy, and comes back as bytes.
    """
    if _once("memcached"):
        with _memcached(default_noreply=False) as client:
            value = bytearray(b"first")
            client.set("value", bytes(value))
            value[:] = b"other"
            assert client.get("value") == b"first"
            client.set("list", [1, 2])
            assert client.get("list") == b"[1, 2]"


def _get_other(client: Any) -> None:
    with raises(KeyError, text="first"):
        client.get("second")


def connect_in_each() -> None:
    """Connect in each worker. Under `fork`, workers that share a connection get each other's
    answers.
    """
    if get_start_method() == "fork" and _has("memcached"):
        with _memcached(default_noreply=False) as client:
            client.set("first", "1")
            client.sock.sendall(b"get first\r\n")  # this process is in the middle of a get()
            assert _child(_get_other, client) == 0


def in_one_step() -> None:
    """`incr()` counts in one step. What a killed worker has stored stays, and a lock made with
    `add()` as well, until it expires.
    """
    shown("more-engines/memcached_killed", "n: b'1500', lock is free: False")
    if _once("memcached"):
        with _memcached(default_noreply=False) as client:
            assert client.add("lock", "me", expire=1)
            assert until(lambda: client.add("lock", "other"))


def everything() -> None:
    """If the server ends, everything is lost. If its memory is full, it drops values, and no error
    is reported.
    """
    shown("more-engines/memcached_killed", "server killed and started, n: None")
    if _once("memcached"):
        with _memcached(default_noreply=False) as client:
            for number in range(100):
                assert client.set(f"{number}", bytes(1_000_000))
            assert client.get("0") is None
            assert int(client.stats()[b"evictions"]) > 0


def compute_again() -> None:
    """So keep in it only what you can compute again."""
    no_fact("advice")


def no_answer() -> None:
    """By default, pymemcache does not wait for the answer: `add()` and `set()` return `True` even
    if nothing was stored. Use `default_noreply=False`.
    """
    if _once("memcached"):
        with _memcached() as client:
            assert client.add("key", "first")
            assert client.add("key", "second")
            assert client.get("key") == b"first"
            assert client.set("big", bytes(2_000_000))
            assert client.get("big") is None
        with _memcached(default_noreply=False) as client:
            assert client.add("key", "first")
            assert not client.add("key", "second")


def one_megabyte() -> None:
    """A value larger than 1 MB is refused: `object too large for cache`. The option `-I` of the
    server sets another limit.
    """
    if _once("memcached"):
        error = import_module("pymemcache").exceptions.MemcacheServerError
        refused = raises(error, text="object too large for cache")
        with _memcached(default_noreply=False) as client, refused:
            client.set("big", bytes(1_100_000))
        told = subprocess.run(["memcached", "-h"], capture_output=True, text=True, check=True)
        assert "-I, --max-item-size" in told.stdout


def choose_memcached() -> None:
    """Choose it if it is there already, as in a web application; otherwise Redis does the same and
    more.
    """
    no_fact("advice")


# LMDB

HAS_LMDB = find_spec("lmdb") is not None


def _hold(folder: str, line: Connection) -> None:
    """Have a transaction open until told to go on."""
    with import_module("lmdb").open(folder) as data, data.begin(write=True) as change:
        change.put(b"n", b"2")
        line.send("open")
        line.recv()


def a_file() -> None:
    """LMDB is a dictionary of bytes in a file, which all processes of a machine map into their
    memory. It survives a restart. Reading makes no copy with `buffers=True`, and does not wait for
    a writer.

    There is one writer at a time.
    """
    shown("more-engines/lmdb_killed", "begin(buffers=True)", "9999999.0 in a copy: False")
    if not HAS_LMDB:
        return
    with tempfile.TemporaryDirectory() as folder:
        line, end = Pipe()
        holder = Process(target=_hold, args=[folder, end])
        holder.start()
        line.recv()
        data = import_module("lmdb").open(folder)
        with data.begin() as look:
            assert look.get(b"n") is None
        found = []

        def write() -> None:
            with data.begin(write=True) as change:
                found.append(change.get(b"n"))

        writer = threading.Thread(target=write)
        writer.start()
        writer.join(SURE)
        assert writer.is_alive()
        line.send("go on")
        writer.join(TIME_LIMIT)
        assert found == [b"2"]
        holder.join()
        data.close()


def no_effect() -> None:
    """A transaction whose process is killed has no effect."""
    shown("more-engines/lmdb_killed", 'change.put(b"n", b"-1")', "n: b'1000'")


def until_it_ends() -> None:
    """Use a view only until its transaction ends."""
    no_fact("advice")


def _write_big(folder: str) -> None:
    with import_module("lmdb").open(folder, map_size=10**8) as data, data.begin(write=True) as big:
        big.put(b"n", bytes(20_000_000))


def too_small() -> None:
    """Choose a large one, the same in all processes: one with a smaller one can get
    `MapResizedError`.
    """
    if HAS_LMDB:
        lmdb = import_module("lmdb")
        with tempfile.TemporaryDirectory() as folder, lmdb.open(folder) as data:
            assert _child(_write_big, folder, method="spawn") == 0
            with raises(lmdb.MapResizedError):
                data.begin()


def _read_and_die(folder: str) -> None:
    data = import_module("lmdb").open(folder)
    look = data.begin()
    assert look.get(b"n")
    os.kill(os.getpid(), signal.SIGKILL)


def it_grows() -> None:
    """While a transaction reads, the file grows with each change: keep it short. After a reader was
    killed, call `reader_check()`.
    """
    if not HAS_LMDB:
        return
    with tempfile.TemporaryDirectory() as folder, import_module("lmdb").open(folder) as data:

        def grows() -> bool:
            before = Path(folder, "data.mdb").stat().st_size
            for _ in range(30):
                with data.begin(write=True) as change:
                    change.put(b"n", bytes(100_000))
            return Path(folder, "data.mdb").stat().st_size > before

        assert grows()
        assert not grows()
        assert _child(_read_and_die, folder, method="spawn") == -signal.SIGKILL
        assert grows()
        assert data.reader_check() == 1
        assert not grows()
    with tempfile.TemporaryDirectory() as folder, import_module("lmdb").open(folder) as data:
        assert grows()
        with data.begin():
            assert grows()
        assert not grows()


def _open_lmdb(folder: str, line: Connection) -> None:
    lmdb = import_module("lmdb")
    try:
        lmdb.open(folder).close()
    except lmdb.Error as error:
        line.send(str(error))
    else:
        line.send("")


def in_each_worker() -> None:
    """Open it in each worker. Under `fork`, if the parent has it open, a child gets `lmdb.Error`:
    `is already open in this process`.
    """
    if HAS_LMDB:
        with tempfile.TemporaryDirectory() as folder, import_module("lmdb").open(folder):
            line, end = Pipe()
            assert _child(_open_lmdb, folder, end) == 0
            assert ("already open" in line.recv()) == (get_start_method() == "fork")


def map_full() -> None:
    """`MapFullError` means that the file has reached `map_size`, 10 MB by default."""
    if HAS_LMDB and get_start_method() == ONCE:
        lmdb = import_module("lmdb")
        with tempfile.TemporaryDirectory() as folder, lmdb.open(folder) as data:
            assert data.info()["map_size"] == 10 * 1024**2
            with raises(lmdb.MapFullError), data.begin(write=True) as change:
                change.put(b"n", bytes(20_000_000))


def choose_lmdb() -> None:
    """Choose it for many readers and few writers. If you need queries, use SQLite."""
    no_fact("advice")


# diskcache


@contextmanager
def _cache(**options: Any) -> Iterator[Any]:
    with (
        tempfile.TemporaryDirectory() as folder,
        import_module("diskcache").Cache(folder, **options) as cache,
    ):
        yield cache


def a_folder() -> None:
    """diskcache is a cache in a folder, for all processes of a machine. It keeps pickles in an
    SQLite file, so each value is a copy, and survives a restart.
    """
    shown("more-engines/diskcache_killed", "n: 400")
    if get_start_method() == ONCE:
        with _cache() as cache:
            value = [1]
            cache["value"] = value
            value.append(2)
            assert cache["value"] == [1]
            assert Path(cache.directory, "cache.db").read_bytes().startswith(b"SQLite format 3")
            ((mode,),) = cache._sql("SELECT mode FROM Cache").fetchall()
            assert mode == import_module("diskcache.core").MODE_PICKLE


def locks_stay() -> None:
    """A `transact()` whose process is killed has no effect. A `Lock` of that process stays locked:
    give it `expire=`.
    """
    shown("more-engines/diskcache_killed", "n: 400", "its lock: True")
    if get_start_method() == ONCE:
        diskcache = import_module("diskcache")
        with _cache() as cache:
            diskcache.Lock(cache, "report", expire=0.1).acquire()
            assert until(lambda: not diskcache.Lock(cache, "report").locked())


def loses_updates() -> None:
    """`incr()` counts in one step; `cache[key] += 1` does not, and loses updates of others."""
    shown("more-engines/diskcache_killed", 'cache.incr("n")', "n: 400")
    if get_start_method() == ONCE:
        with _cache() as cache:
            cache["n"] = 0

            class One(int):
                """A number that is added when another update has come in between."""

                def __radd__(self, other: int) -> int:
                    cache.incr("n", 10)
                    return other + 1

            cache["n"] += One()
            assert cache["n"] == 1


def one_gigabyte() -> None:
    """From 1 GB on, it removes what was stored first. For data that must stay, use its `Index` or
    `Deque`.
    """
    diskcache = import_module("diskcache")
    if get_start_method() == ONCE:
        with _cache() as cache:
            assert cache.size_limit == 1024**3
            assert cache.eviction_policy == "least-recently-stored"
            for kind in diskcache.Index, diskcache.Deque:
                with tempfile.TemporaryDirectory() as folder:
                    kept = kind(directory=folder) if kind is diskcache.Deque else kind(folder)
                    assert kept.cache.eviction_policy == "none"
                    kept.cache.close()
        with _cache(size_limit=3 * 10**6) as cache:
            for number in range(200):
                cache[number] = bytes(100_000)
            assert 0 not in cache
            assert 199 in cache


def no_pickles() -> None:
    """The latest release, 5.6.3, has no fix; `disk=JSONDisk` stores no pickles."""
    from importlib.metadata import version

    assert version("diskcache") == "5.6.3"
    if get_start_method() == ONCE:
        with _cache(disk=import_module("diskcache").JSONDisk) as cache:
            cache["value"] = [1]
            assert cache["value"] == [1]
            ((mode,),) = cache._sql("SELECT mode FROM Cache").fetchall()
            assert mode != import_module("diskcache.core").MODE_PICKLE


def choose_diskcache() -> None:
    """Choose it to keep results over several runs. A cache for all workers shows the same with
    Python alone.
    """
    no_fact("advice, and what another page shows")


# DuckDB


def _write(path: str, line: Connection) -> None:
    with import_module("duckdb").connect(path):
        line.send("open")
        line.recv()


def for_analysis() -> None:
    """DuckDB is a database for analysis, inside your process."""
    no_fact("what it is for")


def is_free() -> None:
    """If a writer is killed, its lock is free, and what it has not committed is gone."""
    shown("more-engines/duckdb_killed", "killed in a transaction: -9", "two readers: [(1,)] [(1,)]")


def it_names_it() -> None:
    """`Could not set lock on file` names the process that has the file open."""
    shown("more-engines/duckdb_killed", "IO Error: Could not set lock")
    duckdb = import_module("duckdb")
    if LINUX:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/orders.duckdb"
            line, end = Pipe()
            holder = Process(target=_write, args=[path, end])
            holder.start()
            line.recv()
            with raises(duckdb.IOException, text=f"(PID {holder.pid})"):
                duckdb.connect(path)
            line.send("close")
            holder.join()
            duckdb.connect(path).close()


def close_it() -> None:
    """Close the connection when a query is done, or let one process do all writing.

    Choose it if one process scans big tables, with all processors. For workers that write at the
    same time, use PostgreSQL, or SQLite on one machine.
    """
    no_fact("advice")


def cursors() -> None:
    """Threads of that process share it: each uses a `cursor()` of its own."""
    if get_start_method() == ONCE:
        with import_module("duckdb").connect() as data:
            data.execute("create table orders (number integer)")

            def insert() -> None:
                with data.cursor() as own:
                    for _ in range(50):
                        own.execute("insert into orders values (1)")

            threads = [threading.Thread(target=insert) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert data.execute("select sum(number) from orders").fetchall() == [(100,)]


def same_row() -> None:
    """If two change the same row at the same time, one gets `Conflict on update!`."""
    duckdb = import_module("duckdb")
    if get_start_method() == ONCE:
        with duckdb.connect() as data, data.cursor() as other:
            data.execute("create table orders as select 1 as number")
            data.begin()
            data.execute("update orders set number = 2")
            with raises(duckdb.TransactionException, text="Conflict on update!"):
                other.execute("update orders set number = 3")


# Celery


def celery() -> None:
    """A task whose process is killed is lost, unless you set both `acks_late` and
    `reject_on_worker_lost`: then it runs again. The page on Celery has the program that shows it.
    """
    shown("celery/lost_task", "default, runs: 1", "late, runs: 1", "again, runs: 2\ndone")


def choose_celery() -> None:
    """Choose it if you need routes, schedules, groups of tasks, or another broker than Redis;
    otherwise RQ is smaller.
    """
    no_fact("advice")


# RQ


def _end_worker(both: bool) -> str:
    """Kill the worker of this job the first time, and end this process too, or wait."""
    job = import_module("rq").get_current_job()
    if job.connection.incr(job.id) == 1:
        os.kill(os.getppid(), signal.SIGKILL)
        if both:
            os.kill(os.getpid(), signal.SIGKILL)
        assert job.connection.blpop("end", timeout=int(TIME_LIMIT))
    job.connection.incr("ended")
    return "completed"


def _is_killed(process: Process) -> bool:
    return process.exitcode == -signal.SIGKILL


def _runs_ended(redis: Any, count: int) -> bool:
    return int(redis.get("ended") or 0) == count


def _work(path: str) -> None:
    warnings.simplefilter("ignore")  # RQ has a thread when it forks
    with import_module("redis").Redis(unix_socket_path=path) as redis:
        worker = import_module("rq").Worker(["jobs"], connection=redis)
        worker.work(burst=True, logging_level="CRITICAL")


@contextmanager
def _rq() -> Iterator[tuple[str, Any]]:
    """The socket of a Redis, and a queue in it."""
    redis = import_module("redis")
    with _server("redis_server") as (path, _), redis.Redis(unix_socket_path=path) as client:
        yield path, import_module("rq").Queue("jobs", connection=client)


def a_process_each() -> None:
    """RQ runs jobs in workers on any number of hosts, over Redis. The worker forks a process for
    each job; arguments and results are pickled copies.
    """
    if _once("redis-server"):
        with _rq() as (path, queue):
            jobs = [queue.enqueue(os.getpid) for _ in range(2)]
            worker = Process(target=_work, args=[path])
            worker.start()
            worker.join()
            processes = {job.return_value() for job in jobs}
            assert len(processes | {worker.pid}) == 3
            assert queue.serializer.loads is import_module("pickle").loads


def failed_or_again() -> None:
    """If the process of a job is killed, the job has failed, or runs again with `Retry`."""
    shown("more-engines/rq_killed", "Work-horse terminated unexpectedly", "once b'1' failed")
    shown("more-engines/rq_killed", "Retry(1)", "again b'2' finished")


def no_harm() -> None:
    """Write jobs so that a second run does no harm.

    Choose it if you have Redis and need no more than jobs.
    """
    no_fact("advice")


def it_goes_on() -> None:
    """If only the worker is killed, the process of its job goes on. If both are killed, the job
    stays `started`.

    In both cases, the next cleanup after 90 seconds fails the job with `AbandonedJobError`, or runs
    it again with `Retry`, even if its process is still busy.
    """
    if not _once("redis-server"):
        return
    rq = import_module("rq")
    import_module("logging").getLogger("rq").setLevel("CRITICAL")
    for both in False, True:
        for retry, then in (None, "failed"), (rq.Retry(1), "queued"):
            with _rq() as (path, queue):
                job = queue.enqueue(f"{__name__}._end_worker", both, retry=retry)
                before = time.time()
                worker = Process(target=_work, args=[path])
                worker.start()  # its sentinel is ready only when the process of the job ends, too
                assert until(partial(_is_killed, worker))
                started = rq.registry.StartedJobRegistry("jobs", connection=queue.connection)
                ((_, expires),) = queue.connection.zrange(started.key, 0, -1, withscores=True)
                assert before + 85 < expires < time.time() + 91
                started.cleanup()
                assert job.get_status().value == "started"
                started.cleanup(timestamp=expires + 1)
                assert job.get_status().value == then
                if retry:
                    assert _child(_work, path) == 0
                    assert job.get_status().value == "finished"
                else:
                    assert "AbandonedJobError" in job.latest_result().exc_string
                if not both:  # the process of the first run is still busy
                    queue.connection.rpush("end", 1)
                ended = bool(retry) + (not both)
                assert until(partial(_runs_ended, queue.connection, ended))


def takes_too_long() -> None:
    """By default, a job that takes more than 180 seconds fails, and a result is kept for 500
    seconds: set `job_timeout` and `result_ttl`.
    """
    if _once("redis-server"):
        with _rq() as (path, queue):
            done = queue.enqueue(time.sleep, 0)
            assert done.timeout == 180
            kept = queue.enqueue(time.sleep, 0, result_ttl=9000)
            job = queue.enqueue(time.sleep, TIME_LIMIT, job_timeout=1)
            assert _child(_work, path) == 0
            assert "JobTimeoutException" in job.latest_result().exc_string
            for one, most in (done, 500), (kept, 9000):
                assert most - TIME_LIMIT < queue.connection.ttl(one.key) <= most


def clean_up() -> None:
    """Workers clean up when they start, and every 10 minutes."""
    if _once("redis-server"):
        with _rq() as (_, queue):
            worker = import_module("rq").Worker([queue], connection=queue.connection)
            assert worker.maintenance_interval == 600
            assert worker.should_run_maintenance_tasks
            worker.run_maintenance_tasks()
            assert not worker.should_run_maintenance_tasks


def in_redis() -> None:
    """If Redis is killed, jobs are lost unless Redis saves them to disk.

    Whoever can write to that Redis runs code in your workers, because jobs are pickles.
    """
    if _once("redis-server"):
        with _rq() as (_, queue):
            job = queue.enqueue(sum, [1, 2])
            kept = queue.connection.hget(job.key, "data")
            assert b"sum" in import_module("zlib").decompress(kept)
            assert queue.serializer is import_module("rq.serializers").DefaultSerializer
            assert queue.connection.config_get("save")["save"] == ""
    shown("redis/server_killed", "in memory alone\nkept: False")


def of_main() -> None:
    """A function of `__main__` is refused: put jobs in a module, and start `rq worker` where it can
    be imported.
    """
    if _once("redis-server"):

        def job() -> None:
            pass

        job.__module__ = "__main__"
        with _rq() as (_, queue), raises(ValueError, text="__main__"):
            queue.enqueue(job)


# How to get them


def how_to_get_them() -> None:
    """
    iceoryx2 | `pip install iceoryx2` | Apache 2.0 or MIT

    NATS | `pip install nats-py`, `apt install nats-server` | Apache 2.0

    memcached | `pip install pymemcache`, `apt install memcached` | Apache 2.0

    LMDB | `pip install lmdb`, Python 3.11 to 3.14 | OpenLDAP 2.8

    diskcache | `pip install diskcache` | Apache 2.0

    DuckDB | `pip install duckdb` | MIT

    Celery | `pip install celery redis`, `apt install redis-server` | BSD

    RQ | `pip install rq`, `apt install redis-server` | BSD
    """
    from importlib.metadata import distribution

    licenses = {
        "iceoryx2": "Apache-2.0 OR MIT",
        "nats-py": "Apache-2.0",
        "pymemcache": "Apache License 2.0",
        "lmdb": "OLDAP-2.8",
        "diskcache": "Apache 2.0",
        "duckdb": "MIT License",
        "celery": "BSD-3-Clause",
        "rq": "BSD-2-Clause",
    }
    for name, license in licenses.items():
        if name != "lmdb" or HAS_LMDB:
            lines = (distribution(name).read_text("METADATA") or "").split("\n\n")[0].splitlines()
            assert any("License" in line and license in line for line in lines)
    assert (sys.version_info < (3, 15)) == HAS_LMDB


def in_a_folder() -> None:
    """`_engines.py`, beside the programs, starts each server in a temporary folder, with at most 64
    MB, on a Unix socket, or for NATS on a free port of this machine. It ends the server, and
    removes the folder, also after Ctrl-C, SIGTERM and SIGHUP. If the program is killed with
    SIGKILL, they stay.
    """
    text = (PROGRAMS / "_engines.py").read_text("utf-8")
    for limit in '"-m", "64"', '"--maxmemory", "64mb"', "max_file_store: 64MB", "127.0.0.1:-1":
        assert limit in text
    for command in "memcached", "nats-server", "redis-server":
        if _once(command):
            name = command if command == "memcached" else command.replace("-", "_")
            for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL:
                with _start(name, os.environ["PATH"]) as program:
                    assert program.stdout
                    folder, server = program.stdout.readline().split()
                    os.kill(int(server), 0)  # there it is
                    os.killpg(program.pid, number)
                    program.wait()  # a server that runs on has its standard error
                    own = number in (signal.SIGTERM, signal.SIGHUP)
                    assert program.returncode == (128 + number if own else -number)
                    assert Path(folder).exists() == (number == signal.SIGKILL)
                    if number == signal.SIGKILL:
                        os.kill(int(server), signal.SIGKILL)
                        shutil.rmtree(folder)
                    else:
                        with raises(ProcessLookupError):
                            os.kill(int(server), 0)


def _start(name: str, path: str) -> "subprocess.Popen[str]":
    """A program with a server of its own, with the commands that are on `path`."""
    return subprocess.Popen(
        [sys.executable, "-c", STARTS, name],
        env=os.environ | {"PYTHONPATH": str(PROGRAMS), "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )


def one_line() -> None:
    """If there is no such server, one line says so, and the exit status is 2."""
    if LINUX and get_start_method() == ONCE:
        with tempfile.TemporaryDirectory() as folder:
            for told in "install it", "has not started":
                with _start("memcached", folder) as program:
                    output, error = program.communicate()
                assert (program.returncode, output) == (2, "")
                assert told in error
                assert error.count("\n") == 1
                broken = Path(folder, "memcached")
                broken.write_text("#!/bin/sh\nexit 1\n", "utf-8")
                broken.chmod(0o700)


def versions() -> None:
    """Run with iceoryx2 0.10.0, nats-py 2.16.0 and NATS 2.9.10, pymemcache 4.0.0 and memcached
    1.6.18, lmdb 3.0.0, diskcache 5.6.3, DuckDB 2.0.1, Celery 5.7.0, RQ 3.0.0 and Redis 7.0.
    """
    pins = {"iceoryx2": "0.10.0", "nats-py": "2.16.0", "pymemcache": "4.0.0", "lmdb": "3.0.0"}
    pins |= {"diskcache": "5.6.3", "duckdb": "2.0.1", "celery": "5.7.0", "rq": "3.0.0"}
    text = (ROOT / "requirements.txt").read_text("utf-8")
    for name, pin in pins.items():
        assert f"\n{name}=={pin} " in text
    for command, pin in ("memcached", "1.6.18"), ("nats-server", "2.9.10"), ("redis-server", "7.0"):
        if _has(command):
            path = f"{os.environ['PATH']}:/usr/sbin"
            found = shutil.which(command, path=path)
            assert found
            line = [found, "--version"]
            assert pin in subprocess.run(line, capture_output=True, text=True, check=True).stdout
