"""A lock made for fork cannot be given to a process of spawn."""

from multiprocessing import get_context


def count(lock):
    with lock:
        print("counted")


def main():
    lock = get_context("fork").Lock()
    worker = get_context("spawn").Process(target=count, args=(lock,))
    worker.start()
    worker.join()
    print("exit status", worker.exitcode)


if __name__ == "__main__":
    main()
