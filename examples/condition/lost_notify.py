"""notify() before anybody waits is lost: the worker waits forever."""

from multiprocessing import Condition, Event, Process


def pack(changed, notified):
    notified.wait()
    with changed:
        changed.wait()


def main():
    changed = Condition()
    notified = Event()
    packer = Process(target=pack, args=(changed, notified))
    packer.start()
    with changed:
        changed.notify()
    notified.set()
    print("Notified, waiting for the packer")
    packer.join()
    print("The packer is done")


if __name__ == "__main__":
    main()
