"""Short programs for the rule manager."""

START = """from multiprocessing import Manager, Pool, Process

manager = Manager()
"""

FOUND: tuple[str, ...] = (
    START + "Process(target=print, args=(manager.list(),)).start()  # here\n",
    START + "Pool().apply_async(print, [manager.Queue()])  # here\n",
)

RIGHT: tuple[str, ...] = (
    START + "names = manager.list()\nProcess(target=print, args=(names,)).start()\n",
    START + "Process(target=print, args=(Manager().list(),)).start()\n",
    START + "Process(target=print, args=('a'.upper(), len('a'), manager.address())).start()\n",
    START + "Pool().map(print, [manager.list()])\n",
)
