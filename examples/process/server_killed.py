"""Without the fork server, nobody reports how a child has ended."""

import os
import signal
from multiprocessing import get_context


def back_up(line):
    line.send(os.getppid())
    line.recv()
    line.send("The backup is done")


def main():
    context = get_context("forkserver")
    line, far_end = context.Pipe()
    worker = context.Process(target=back_up, args=(far_end,))
    worker.start()
    far_end.close()
    os.kill(line.recv(), signal.SIGKILL)
    worker.join()
    print("Exit code", worker.exitcode, "alive:", worker.is_alive())
    line.send("go")
    print(line.recv())


if __name__ == "__main__":
    main()
