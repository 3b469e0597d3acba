"""Two processes add a host each; the lock keeps both."""

from multiprocessing import Lock, Manager, Process


def allow(host, config, lock):
    with lock:
        config["hosts"] = config["hosts"] + [host]


def main():
    lock = Lock()
    with Manager() as manager:
        config = manager.dict(hosts=["example.org"])
        admins = [
            Process(target=allow, args=(host, config, lock))
            for host in ["a.example.org", "b.example.org"]
        ]
        for admin in admins:
            admin.start()
        for admin in admins:
            admin.join()
        print("Hosts:", sorted(config["hosts"]))


if __name__ == "__main__":
    main()
