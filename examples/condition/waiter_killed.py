"""A process is terminated in wait(): the next notify() hangs."""

from multiprocessing import Condition, Process, Value


def pack(waiting, changed):
    with changed:
        waiting.value = True
        changed.notify()
        changed.wait()


def main():
    changed = Condition()
    waiting = Value("b", False, lock=False)
    packer = Process(target=pack, args=(waiting, changed))
    packer.start()
    with changed:
        changed.wait_for(lambda: waiting.value)
        packer.terminate()
        packer.join()
        print("The packer has ended while it was waiting")
        changed.notify()
        print("Notified")


if __name__ == "__main__":
    main()
