"""Which of the new calls has this Python?"""

from concurrent.futures import ProcessPoolExecutor
from inspect import signature
from multiprocessing import Lock, Process
from multiprocessing.managers import SyncManager
from multiprocessing.shared_memory import SharedMemory


def main():
    block = signature(SharedMemory).parameters
    map_names = signature(ProcessPoolExecutor.map).parameters
    has = {
        "SharedMemory(track=)": "track" in block,
        "Manager().set()": hasattr(SyncManager, "set"),
        "Lock().locked()": hasattr(Lock(), "locked"),
        "Process.interrupt()": hasattr(Process, "interrupt"),
        "kill_workers()": hasattr(ProcessPoolExecutor, "kill_workers"),
        "map(buffersize=)": "buffersize" in map_names,
    }
    for name, is_there in has.items():
        print(f"{name}:", "yes" if is_there else "no")


if __name__ == "__main__":
    main()
