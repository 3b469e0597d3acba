"""Each job gets a queue of its own, and all are kept."""

import resource
from multiprocessing import Queue

NOFILE = resource.RLIMIT_NOFILE


def main():
    _, most = resource.getrlimit(NOFILE)
    resource.setrlimit(NOFILE, (64, most))  # soon reached
    queues = []
    try:
        for _ in range(100):
            queues.append(Queue())
    except OSError as error:
        print("OSError:", error)
    print("A queue for each job:", len(queues) == 100)


if __name__ == "__main__":
    main()
