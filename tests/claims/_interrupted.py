"""An exception that interrupts a call to a manager, for checks."""

import signal
import threading
from collections.abc import Callable

from tests.claims import TIME_LIMIT, raises
from tests.claims._until import until


def interrupt_a_call(call: Callable[[], object], waits: Callable[[], object]) -> None:
    """Interrupt a call of this thread that waits in the server, which answers it after that.

    A second call, from another thread, lets the first one be answered.
    """
    interrupted = threading.Event()

    def interrupt() -> None:
        assert until(waits)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        assert interrupted.wait(TIME_LIMIT)
        call()

    before = signal.signal(signal.SIGUSR1, signal.default_int_handler)
    other = threading.Thread(target=interrupt)
    other.start()
    with raises(KeyboardInterrupt):
        call()
    interrupted.set()
    other.join()
    signal.signal(signal.SIGUSR1, before)
