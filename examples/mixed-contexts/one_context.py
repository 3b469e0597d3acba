"""Lock and process come from one context."""

from multiprocessing import get_context


def count(lock):
    with lock:
        print("counted")


def main():
    context = get_context("spawn")
    lock = context.Lock()
    worker = context.Process(target=count, args=(lock,))
    worker.start()
    worker.join()
    print("exit status", worker.exitcode)


if __name__ == "__main__":
    main()
