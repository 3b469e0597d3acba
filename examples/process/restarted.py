"""A process that has crashed is started again, as a new one."""

import os
from multiprocessing import Process

MOST = 5  # starts: a server that always crashes must not go on


def serve(start):
    if start < 3:
        os._exit(1)  # stands for a crash


def main():
    for start in range(1, MOST + 1):
        server = Process(target=serve, args=(start,))
        server.start()
        server.join()
        print(f"start {start}, exit code:", server.exitcode)
        if server.exitcode == 0:
            break


if __name__ == "__main__":
    main()
