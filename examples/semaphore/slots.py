"""Two slots are taken, and the third process has to wait."""

from multiprocessing import BoundedSemaphore, Process, Queue


def download(slots, answers):
    answers.put(slots.acquire(block=False))
    answers.put(slots.acquire())
    slots.release()


def main():
    slots = BoundedSemaphore(2)
    answers = Queue()
    slots.acquire()
    slots.acquire()
    third = Process(target=download, args=(slots, answers))
    third.start()
    print("Third download, both slots taken:", answers.get())
    slots.release()
    print("Third download, one slot free:", answers.get())
    third.join()
    slots.release()


if __name__ == "__main__":
    main()
