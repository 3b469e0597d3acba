"""What docs/try/which-tool.md says; tests/test_try_tool.py answers its questions, in a browser."""

from tests.claims import _costs, no_fact, shown


def what_it_is() -> None:
    """Answer two or three questions, and get the tool, a program that runs, what it costs, and what
    to take care of.

    Each answer has an address that you can keep or send.

    All answers also stand in the tables below.
    """
    no_fact("how to use the page; tests/test_try_tool.py does so, in a browser")


def what_a_time_is() -> None:
    """A cost is the time of the named row in our results: the medians of two Pythons, on a machine
    with two cores.

    "Not measured" stands where they have no row.
    """
    runs = _costs.recorded()
    assert len({run.about["python_version"] for run in runs}) == len(runs) == 2
    assert {run.about["cpu_count"] for run in runs} == {2}
    for word in "Semaphore", "Event", "Condition", "Barrier", "Redis", "Postgre", "MPI", "ZeroMQ":
        assert not [case for run in runs for case in run.values if word in case], word


def results_of_tasks() -> None:
    """A worker may be killed, or run out of memory | `ProcessPoolExecutor`, as in
    `collect-results/executor_map` | | If a worker is killed, it raises an error where a `Pool`
    waits forever. In some cases it waits, too.

    Many and short | `Pool.map`, as in `index/map_results` | | It sends tasks in chunks, one
    message for many. If a worker is killed, it waits forever.

    They read more than fits in memory | `ProcessPoolExecutor` with a few tasks ahead, as in
    `big-file/read_ahead` | | A few chunks at most are in the workers. `map` and `imap` read ahead,
    and fill the memory.

    They wait, for a disk or the network | threads, as in `threads/counter` | | Threads use the
    same objects, and nothing is copied. Change them under a lock.

    Each takes microseconds | a plain loop, as in `worth-it/task_size` | | To hand such a task out
    takes longer than to do it. Measure yours.
    """
    shown("collect-results/executor_map", "executor.map(count_words, chapters)", "3 Call")
    shown("pool-or-executor/worker_dies", "huge.jpg: no answer", "huge.jpg: BrokenProcessPool")
    shown("index/map_results", "pool.map(count_words, lines)", "Words in each line: [6, 4]")
    shown("pool/every_call", "map")
    shown("big-file/read_ahead", "if len(tasks) == AHEAD:", "tasks.popleft().result()")
    shown("pool/reads_ahead", "imap")
    shown("threads/counter", "with lock:", "Tickets sold: 4000")
    shown("threads/lost_updates", "Tickets sold by 4 sellers: 1")
    shown("worth-it/task_size", "50 tasks of 10 squares")
    tasks = "advice: 1,000 small tasks"
    assert min(_costs.ratios(f"{tasks}, Pool.map, chunksize=1", f"{tasks}, a plain loop")) > 2


def messages() -> None:
    """Several processes | `Queue`, as in `queue/several_workers` | | Any number of processes can
    put and get. Read all items before `join()`.

    Exactly two processes | `Pipe`, as in `pipe/smallest` | | Both can send, and each notices when
    the other has ended, if nobody else has its end. Close the ends that a process does not use.

    Several, and one must know when all is done | `JoinableQueue`, as in `joinable-queue/smallest`
    | | `join()` returns when each item has been reported as done. It hangs if a report is missing.

    Several, and no item may be lost if a worker is killed | a `Pipe` for each worker, as in
    `lost-items/acknowledged` | | The parent keeps each item until it is answered. What a `Queue`
    has handed to a killed worker is lost.

    One sends big arrays, one after the other | `SharedMemory` in slots, as in
    `ring-buffer/every_frame` | | The arrays go through no pipe. One process must unlink the block
    in the end.
    """
    shown("queue/several_workers", "= orders.get()", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")
    shown("queue-deadlock/join_first", "still running after 5 s")
    shown("pipe/smallest", "connection.send(PRICES[item])", "to_clerk.send(item)", "pear 4")
    shown("pipe/read_to_the_end", "except EOFError:", "The sensor has closed its end")
    shown("pipe-no-eof/end_kept_open", "still running after 5 s")
    shown("joinable-queue/smallest", "orders.join()", "All orders packed, crates: 15")
    shown("joinable-queue/forgotten", "continue", "still running after 5 s")
    shown("lost-items/acknowledged", "item, number = worker.held", "glass 5 kg")
    shown("lost-items/taken", "os._exit(9)", "packed: ['apple', 'pear']")
    shown("ring-buffer/every_frame", "buffer=block.buf", "Whole frames: 50 of 50", "unlink()")
    shown("leaked-shared-memory/never_unlinked", "1 leaked shared_memory objects")


def one_number() -> None:
    """Several processes | `Value`, as in `counter/with_value` | | It has a lock of its own. Hold
    it around the whole change.

    One process, and others read it | `RawValue`, as in `raw-value/smallest` | | With one writer,
    no update can be lost. A reader may see half-written data.

    Nobody, once the processes run | an argument, as in `globals/as_argument` | | Each process gets
    a copy when it starts. It does not see what is changed later.
    """
    shown("counter/with_value", ".get_lock():", ".value += ")
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    shown("raw-value/smallest", "percent.value = 50", "Downloaded: 50 %\nDownloaded: 100 %")
    shown("raw-value/torn", "Halfway:   9 + 0")
    shown("globals/as_argument", "args=(tax_percent,)", "Tax: 7")
    shown("ordinary-objects/list_copied", "Temperatures: []")


def an_array_or_a_table() -> None:
    """Several processes, a few numbers | `Array`, as in `array/under_lock` | | It has a lock of
    its own. Assign to its elements, not to its name.

    Several processes, each its own part of a big array | `SharedMemory`, as in
    `numpy-array/own_rows` | | No worker gets a copy, and no lock is needed. One process must
    unlink the block in the end.

    Several processes, the same parts of a big array | `SharedMemory` and a `Lock`, as in
    `numpy-array/same_cells` | | A block has no lock. Hold one around the whole change.

    Nobody, once an array is written | a file that each worker maps, as in
    `read-only-model/mapped_file` | | The array is in memory once, for all. A list that forked
    workers inherit is copied while they read it.

    Nobody, once a table is written | an Arrow file, as in `dataframe/arrow_file` | | Each worker
    reads the columns in place. pandas can copy them.
    """
    shown("array/under_lock", "with stock.get_lock():", "Crates in each hall: [20, 80]")
    shown("array-rebound/list_new", "In the parent: [3, 0, 8]")
    shown("numpy-array/own_rows", "buffer=block.buf", "block.unlink()", "Bright pixels: 240000")
    shown("numpy-array/same_cells", "with lock:", "Votes: [13334, 13333, 13333] of 40000")
    shown("shared-memory/with_lock", "with lock:")
    shown("read-only-model/mapped_file", 'np.load(path, mmap_mode="r")', "memmap, writeable: False")
    shown("memory-grows/list_read", "More than half of it copied: True")
    shown("dataframe/arrow_file", "pa.memory_map(path)", "bytes copied: 0")
    shown("dataframe", "#> (False, string[pyarrow])")


def a_dict_or_an_object() -> None:
    """Several processes, a dict or a list | `Manager` and a `Lock`, as in
    `shared-config/locked_change` | | All processes use the one dict that a process of its own
    holds. A change of a plain list in it is lost.

    Several processes, by methods of your own class | a manager with your class, as in
    `object-on-a-server/warehouse` | | One method can be one step. Two calls are not.

    One process, and others read it often | `Manager` and a copy in each reader, as in
    `shared-config/snapshot` | | One call brings everything. The manager must outlive those who use
    it.

    Each worker adds results that all should reuse | SQLite files, as in
    `shared-cache/shared_cache` | | Of two workers that ask for the same key, one computes. Each
    process has a `lru_cache` of its own.

    Nobody, once the processes run | the initializer of an executor, as in
    `shared-config/never_changed` | | Each worker gets a copy once. It does not see what is changed
    later.
    """
    shown("shared-config/locked_change", "with lock:", "manager.dict(", "Hosts:")
    shown("nested-list/append_lost", "Orders: []")
    shown("object-on-a-server/warehouse", "with self._lock:", "Lamp orders filled: 3 of 5")
    shown("object-on-a-server/two_calls", "Bought: [True, True]")
    shown("shared-config/snapshot", "self._shared.copy()", "Copied 2 times for 6 reads")
    shown("manager-ended/first_use", "Exit code of the worker: 1")
    shown("shared-cache/shared_cache", "BEGIN IMMEDIATE", "[(3, True), (3, False)]")
    shown("globals/cache_for_each", "misses 1")
    shown("shared-config/never_changed", "initargs=(settings,)", "[107, 214, 321]")


def bytes_or_text() -> None:
    """A block of bytes | `SharedMemory`, as in `shared-memory/smallest` | | All processes see the
    same bytes. Nothing may use the block after it was closed.

    A few numbers and short texts | `ShareableList`, as in `shareable-list/smallest` | | They are
    read and overwritten by index. A new text must fit in the place of the old one.

    A big file | `mmap`, as in `mmap/smallest` | | Each process maps the file itself. If it grows,
    map it anew.
    """
    shown("shared-memory/smallest", "picture.buf[2:5]", "b'..###...'")
    shown("closed-shared-memory/read_after_close", "code of the worker: -11")
    shown("shareable-list/smallest", "['kitchen', 21.5, True, None]")
    shown("shareable-list/room", "ValueError: bytes/str item exceeds available storage")
    shown("mmap/smallest", "mmap.mmap(file.fileno(), 0)", "After:  7 19.5")
    shown("mmap", "#> 5 8192")


def when_to_go_on() -> None:
    """One process at a time goes on | `Lock`, as in `lock/smallest` | | `with` releases it also
    after an error. If its holder is killed, it stays locked.

    Not more than a number of them go on | `Semaphore`, as in `semaphore/slots` | Not measured | It
    counts those that may go on. If a process is killed that has a place, the place stays taken.

    Many read at once, or one writes alone | a file lock, as in `readers-writer-lock/prices` | Not
    measured | The system releases it if its holder is killed. Windows needs another one.

    All hear "now" or "stop" | `Event`, as in `event/stop` | Not measured | It stays on until it is
    cleared. A worker must ask for it.

    One waits until a condition is true | `Condition`, as in `condition/smallest` | Not measured |
    It waits without asking again and again. A `notify()` that nobody waits for is lost.

    All wait until all have come | `Barrier`, as in `barrier/smallest` | Not measured | The last
    one to come wakes all. Set a time limit, in case one never comes.
    """
    shown("lock/smallest", "with lock:", "Tickets left: 20")
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    shown("semaphore/slots", "both slots taken: False", "one slot free: True")
    shown("readers-writer-lock/prices", "with lock.reading():", "with lock.writing():")
    shown("readers-writer-lock/killed", "A reader was killed, and a writer has the lock")
    shown("event/stop", "stop.wait(timeout=0.1)", "last reading")
    shown("event/all_waiters", "['running', 'running', 'running']")
    shown("condition/smallest", "changed.wait_for(", "Packed a parcel of 3")
    shown("condition/lost_notify", "still running after 5 s")
    shown("barrier/smallest", "all_written.wait()", "30 of 60")
    shown("barrier", "barrier.wait(timeout=0.01)", "#> BrokenBarrierError()")


def separate_programs() -> None:
    """Messages | `Listener` and `Client`, as in `two-scripts/server` | | They send and receive
    objects as a `Pipe` does. Give both the same key.

    Bytes or an array | `SharedMemory` by name, as in `two-scripts/memory_writer` | | Both map the
    same memory. A program that ends can remove it for all.

    A dict or an object | a remote manager, as in `two-scripts/manager_server` | | One program
    holds it, and others call its methods. Whoever has the key can run any code there.

    The state of a web server's workers | a `Value` or a manager made before they start, as in
    `web-workers/shared_counter` | | The workers are children of the server. Each has its own
    globals.
    """
    shown("two-scripts/server", "Listener(ADDRESS, authkey=KEY)", "client.send(READINGS.get(room))")
    shown("wrong-authkey/other_side", "digest received was wrong")
    shown("two-scripts/memory_writer", "SharedMemory(")
    shown("two-scripts/memory_reader", "SharedMemory(")
    shown("shared-memory-vanished/tracked_reader", "Exit status of the reader: 1")
    shown("two-scripts/manager_server", "get_readings, DictProxy", "{'attic': 25.5}")
    shown("untrusted-data/manager_runs_code", "In the server: True")
    shown("web-workers/shared_counter", "Global: [1, 1, 1, 2, 2, 2] Value: 6")


def several_machines() -> None:
    """Jobs, on a few hosts that you trust | a remote manager, as in `several-hosts/two_workers` |
    Not measured | It needs Python alone. Whoever has the key can run any code there.

    Counters, dicts, queues and locks | Redis, as in `redis/counter` | Not measured | One command
    is one step, also from programs in other languages. A command that is repeated can count twice.

    Jobs and rows that must not be lost | PostgreSQL, as in `postgresql/jobs` | Not measured | A
    job whose worker is killed is free again. Look at what a killed server means.

    Messages, without a server | ZeroMQ, as in `zeromq/push_pull` | Not measured | One process
    binds an address, others connect to it. It keeps and confirms nothing: messages can be lost.

    Arrays, in one computation | MPI, as in `mpi/big_array` | Not measured | All ranks compute
    together. One dead rank ends all.

    Tasks that need the results of others | Dask, as in `dask/worker_killed` | Not measured |
    Results stay in the workers until you ask. Nothing survives the end of the scheduler.
    """
    shown("several-hosts/two_workers", "workers: 2 jobs: 8", "counter: 8")
    shown("untrusted-data/manager_runs_code", "In the server: True")
    shown("redis/counter", "2000 times INCR: 2000", "GET and SET by two: 1")
    shown("redis/twice", "incr() returns 2\ncounted: 2")
    shown("postgresql/jobs", "first ended with -9", "(1, 'second')")
    shown("postgresql/server_killed", "one committed, one not")
    shown("zeromq/push_pull", "jobs.bind(", "jobs.connect(", "worker 1 has b'job 0'")
    shown("zeromq/owner_killed", "Again: Resource temporarily unavailable")
    shown("mpi/big_array", "by rank: [3333333 3333333 3333334]")
    shown("mpi/killed", "BAD TERMINATION")
    shown("dask/worker_killed", "the result was made, times: 2")
    shown("dask/scheduler_killed", "after a restart: ()")


def later_runs() -> None:
    """Several processes on one machine | SQLite, as in `sqlite-and-files/counter` | | A change is
    whole, or it has not happened. A process that waits for longer than its `timeout` gets `database
    is locked`.

    One process, always the whole file | a file that is replaced, as in `sqlite-and-files/replace`
    | Not measured | A reader sees the old file or the new one. Think of a full disk.

    Several processes, a line at a time | a file and a `Lock`, as in
    `sqlite-and-files/append_lines` | | Under the lock, lines do not get mixed. If its holder is
    killed, the others wait forever. Programs that are started separately lock a file.

    Processes on several machines | PostgreSQL, as in `postgresql/counter` | Not measured | What
    was committed survives a kill of the server. Each process needs a connection of its own.
    """
    shown("sqlite-and-files/counter", "BEGIN IMMEDIATE", "timeout=60", "sold by 3 sellers: 30")
    shown("sqlite-and-files/database_locked", "timeout=0", "database is locked")
    shown("shared-memory-or-manager/half_a_change", "SQLite: 10 of 10 crates")
    shown("sqlite-and-files/replace", "os.replace(new, path)", "none of a half-written file")
    shown("sqlite-and-files/append_lines", "with lock, open(path,", "Lines: 300 different: 300")
    shown("sqlite-and-files/file_lock", "flock(")
    shown("lock-holder-killed/terminated", "still running after 5 s")
    shown("postgresql/counter", "psycopg.connect(address", "counted: 300")
    shown("postgresql/server_killed", "after restart: (1,)")
