"""A process that is no daemon may."""

from multiprocessing import Process


def compress():
    print("compressed")


def archive():
    helper = Process(target=compress)
    helper.start()
    helper.join()


def main():
    worker = Process(target=archive)
    worker.start()
    worker.join()
    print("exit status", worker.exitcode)


if __name__ == "__main__":
    main()
