"""A worker gets both ends of 130 pipes as its argument."""

import resource
from multiprocessing import Pipe, Process

NOFILE = resource.RLIMIT_NOFILE


def answer(pipes):
    pipes[0][1].send(len(pipes))


def main():
    _, most = resource.getrlimit(NOFILE)
    resource.setrlimit(NOFILE, (most, most))  # enough for all
    pipes = [Pipe() for _ in range(130)]
    worker = Process(target=answer, args=(pipes,))
    try:
        worker.start()
        print("Pipes of the worker:", pipes[0][0].recv())
        worker.join()
    except ValueError as error:
        print("ValueError:", error)


if __name__ == "__main__":
    main()
