"""Which of the new calls has this Python?"""

import concurrent.futures
import os
from concurrent.futures import ProcessPoolExecutor
from inspect import signature
from multiprocessing import Lock, Process, set_forkserver_preload
from multiprocessing.managers import ListProxy, SyncManager
from multiprocessing.shared_memory import SharedMemory


def takes(function, name):
    return name in signature(function).parameters


def main():
    executor = ProcessPoolExecutor
    has = {
        "SharedMemory(track=)": takes(SharedMemory, "track"),
        "process_cpu_count()": hasattr(os, "process_cpu_count"),
        "Manager().set()": hasattr(SyncManager, "set"),
        "Manager().list().copy()": hasattr(ListProxy, "copy"),
        "Lock().locked()": hasattr(Lock(), "locked"),
        "Process.interrupt()": hasattr(Process, "interrupt"),
        "kill_workers()": hasattr(executor, "kill_workers"),
        "map(buffersize=)": takes(executor.map, "buffersize"),
        "InterpreterPoolExecutor": hasattr(
            concurrent.futures, "InterpreterPoolExecutor"
        ),
        "set_forkserver_preload(on_error=)": takes(
            set_forkserver_preload, "on_error"
        ),
    }
    for name, is_there in has.items():
        print(f"{name}:", "yes" if is_there else "no")


if __name__ == "__main__":
    main()
