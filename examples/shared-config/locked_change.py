"""Two processes add a host each; the lock keeps both."""

import signal
import sys
from multiprocessing import Lock, Manager, Process
from multiprocessing.connection import wait


def allow(host, config, lock):
    with lock:
        config["hosts"] = config["hosts"] + [host]


def main():
    lock = Lock()
    with Manager() as manager:
        config = manager.dict(hosts=["example.org"])
        running = {}
        for host in ["a.example.org", "b.example.org"]:
            args = host, config, lock
            admin = Process(target=allow, args=args, daemon=True)
            admin.start()
            running[admin.sentinel] = admin
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        while running:
            for sentinel in wait(running):
                admin = running.pop(sentinel)
                admin.join()
                if code := admin.exitcode:
                    sys.exit(f"{admin.name}: exit code {code}")
        print("Hosts:", sorted(config["hosts"]))


if __name__ == "__main__":
    main()
