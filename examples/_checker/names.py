"""What the names of Python's own modules make: the kinds of things that rules ask for.

A kind has the name of its class. What a manager makes is "manager.dict" and so on.
"""

IMPORTED = (  # the first is used like the second
    ("torch.multiprocessing", "multiprocessing"),
    ("multiprocess", "multiprocessing"),
    ("billiard", "multiprocessing"),
    ("multiprocessing.context", "multiprocessing"),
    ("multiprocessing.process", "multiprocessing"),
    ("multiprocessing.pool.Pool", "multiprocessing.Pool"),
    ("multiprocessing.queues", "multiprocessing"),
    ("multiprocessing.synchronize", "multiprocessing"),
    ("multiprocessing.sharedctypes", "multiprocessing"),
    ("multiprocessing.managers.SharedMemoryManager", "multiprocessing.SharedMemoryManager"),
    ("multiprocessing.managers.SyncManager", "multiprocessing.Manager"),
    ("concurrent.futures.process", "concurrent.futures"),
    ("concurrent.futures.thread", "concurrent.futures"),
    ("np", "numpy"),
)

SYNCHRONIZED = "Lock RLock Semaphore BoundedSemaphore Event Condition Barrier".split()
CHANGES = set("append extend insert remove pop clear sort reverse update add discard".split())
"""The methods of a list, dict or set that change it."""

CONSTRUCTORS = {
    **{
        f"multiprocessing.{name}": name
        for name in (
            "Process Pool Queue JoinableQueue SimpleQueue Value Array RawValue RawArray Manager "
            "SharedMemoryManager"
        ).split()
    },
    **{f"multiprocessing.{name}": name for name in SYNCHRONIZED},
    "multiprocessing.ForkProcess": "Process",
    "multiprocessing.SpawnProcess": "Process",
    "multiprocessing.Pipe": "Pipe",
    "multiprocessing.get_context": "Context",
    "multiprocessing.shared_memory.SharedMemory": "SharedMemory",
    "multiprocessing.shared_memory.ShareableList": "ShareableList",
    "multiprocessing.connection.Listener": "Listener",
    "multiprocessing.connection.Client": "Connection",
    "multiprocessing.pool.ThreadPool": "ThreadPool",
    "multiprocessing.dummy.Pool": "ThreadPool",
    "multiprocessing.dummy.Process": "threading.Thread",
    "concurrent.futures.ProcessPoolExecutor": "Executor",
    "concurrent.futures.ThreadPoolExecutor": "ThreadExecutor",
    "threading.Thread": "threading.Thread",
    "threading.Timer": "threading.Thread",
    **{f"threading.{name}": f"threading.{name}" for name in SYNCHRONIZED},
    **{
        f"queue.{name}": f"queue.{name}"
        for name in "Queue LifoQueue PriorityQueue SimpleQueue".split()
    },
    "open": "file",
    "io.open": "file",
    "os.open": "descriptor",
    "gzip.open": "file",
    "h5py.File": "file",
    "sqlite3.connect": "database",
    "psycopg2.connect": "database",
    "psycopg.connect": "database",
    "pymysql.connect": "database",
    "mysql.connector.connect": "database",
    "MySQLdb.connect": "database",
    "pymongo.MongoClient": "database",
    "sqlalchemy.create_engine": "engine",
    "socket.socket": "socket",
    "socket.create_connection": "socket",
    "socket.create_server": "socket",
    "list": "list",
    "dict": "dict",
    "set": "set",
    "collections.defaultdict": "dict",
    "collections.OrderedDict": "dict",
    "collections.Counter": "dict",
    "collections.deque": "list",
    "numpy.zeros": "array",
    "numpy.ones": "array",
    "numpy.empty": "array",
    "numpy.full": "array",
    "numpy.arange": "array",
    "numpy.array": "array",
    "numpy.random.default_rng": "generator",
    "numpy.random.RandomState": "generator",
    "random.Random": "generator",
    "logging.getLogger": "logger",
    "numpy.ndarray": "view",
    "numpy.frombuffer": "view",
}

CALLS = {  # what a method of a thing of this kind makes
    **{
        ("Manager", name): f"manager.{name}"
        for name in ["dict", "list", "Namespace", "Value", "Array", "Queue", "JoinableQueue"]
    },
    **{("Manager", name): f"manager.{name}" for name in SYNCHRONIZED},
    ("Manager", "Pool"): "Pool",
    ("SharedMemoryManager", "SharedMemory"): "managed.SharedMemory",
    ("SharedMemoryManager", "ShareableList"): "managed.ShareableList",
    **{("Pool", name): "AsyncResult" for name in ("apply_async", "map_async", "starmap_async")},
    ("Executor", "submit"): "Future",
    ("ThreadExecutor", "submit"): "thread.Future",
    ("Value", "get_lock"): "Lock",
    ("Array", "get_lock"): "Lock",
    ("Listener", "accept"): "Connection",
    ("engine", "connect"): "database",
    ("view", "reshape"): "view",
    ("database", "cursor"): "database",
}

METHODS = {  # what an attribute of a thing of this kind is
    ("SharedMemory", "buf"): "memoryview",
    ("managed.SharedMemory", "buf"): "memoryview",
}

ELEMENTS = {"Pipe": "Connection"}  # what the items of what a call gives are
