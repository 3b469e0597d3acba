"""What the checks of several pages say of an executor."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from threading import Thread
from typing import Any

from tests.claims import PAUSE, SURE, raises


def _die_while_sending() -> bytes:
    def send_half(self: Any, buf: bytes) -> None:
        os.write(self.fileno(), bytes(buf)[: len(buf) // 2])
        os._exit(1)

    connection.Connection._send = send_half  # type: ignore[attr-defined]
    return bytes(1000)


def an_executor_waits() -> bool:
    """Whether it waits, in result() and at its end, for a worker that died while it sent."""
    executor: Any = ProcessPoolExecutor(1)
    assert executor.submit(pow, 2, 3).result() == 8
    (worker,) = executor._processes.values()
    results = executor._result_queue._writer.fileno()
    task = executor.submit(_die_while_sending)
    worker.join()
    ends = Thread(target=executor.shutdown)
    ends.start()
    ends.join(SURE)
    waits = ends.is_alive()
    with raises(FutureTimeoutError):
        task.result(timeout=PAUSE)
    os.write(results, bytes(1000))
    ends.join()
    with raises(BrokenProcessPool):
        task.result()
    return waits


def all_tasks_are_done_at_its_end(error: type[BaseException]) -> bool:
    """Whether they are, after an exception in the `with` block, or Ctrl-C."""
    with raises(error), ProcessPoolExecutor(1) as executor:
        tasks = [executor.submit(abs, -5) for _ in range(20)]
        if error is KeyboardInterrupt:
            signal.raise_signal(signal.SIGINT)
        raise error
    return [task.result(0) for task in tasks] == [5] * 20
