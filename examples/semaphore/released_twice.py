"""A slot released twice: one Semaphore grows, the other raises."""

from multiprocessing import BoundedSemaphore, Process, Queue, Semaphore


def download(slots, answers):
    with slots:
        pass
    try:
        slots.release()
        answers.put("no error")
    except ValueError as error:
        answers.put(f"ValueError: {error}")


def main():
    answers = Queue()
    for kind in Semaphore, BoundedSemaphore:
        slots = kind(1)
        process = Process(target=download, args=(slots, answers))
        process.start()
        print(kind.__name__, "-", answers.get())
        process.join()
        free = 0
        while slots.acquire(block=False):
            free += 1
        print("Slots:", free)


if __name__ == "__main__":
    main()
