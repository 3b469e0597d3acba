"""A worker gets both ends of 130 pipes as its argument."""

from multiprocessing import Pipe, Process


def answer(pipes):
    pipes[0][1].send(len(pipes))


def main():
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
