"""Two processes that print a line in parts splice their lines."""

from multiprocessing import Event, Process


def pack_apple(begun, done):
    print("apple", end=" ", flush=True)
    begun.set()
    done.wait()
    print("packed", flush=True)


def pack_pear(begun, done):
    begun.wait()
    print("pear", end=" ", flush=True)
    print("packed", flush=True)
    done.set()


def main():
    events = Event(), Event()
    packers = [
        Process(target=pack_apple, args=events),
        Process(target=pack_pear, args=events),
    ]
    for packer in packers:
        packer.start()
    for packer in packers:
        packer.join()


if __name__ == "__main__":
    main()
