"""Under a lock, with flush=True, every line stays whole."""

from multiprocessing import Lock, Process


def pack(order, lock):
    with lock:
        print(order, end=" ", flush=True)
        print("packed", flush=True)


def main():
    lock = Lock()
    packers = [
        Process(target=pack, args=(order, lock))
        for order in ["apple", "pear"]
    ]
    for packer in packers:
        packer.start()
    for packer in packers:
        packer.join()


if __name__ == "__main__":
    main()
