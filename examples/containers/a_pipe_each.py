# /// script
# [tool.examples]
# commands = ["unshare"]
# ///
"""Without /dev/shm, processes, pipes and a manager work."""

from multiprocessing import Manager, Pipe, Process

from _container import NONE, enter


def square(number, lock, counts, sender):
    with lock:
        counts["tasks"] += 1
    sender.send(number**2)


def main():
    enter(NONE)
    workers = []
    with Manager() as manager:
        lock, counts = manager.Lock(), manager.dict(tasks=0)
        for number in 2, 3:
            receiver, sender = Pipe(duplex=False)
            args = (number, lock, counts, sender)
            worker = Process(target=square, args=args)
            worker.start()
            sender.close()
            workers.append((worker, receiver))
        for worker, receiver in workers:
            print(receiver.recv())
            worker.join()
        print("Tasks:", counts["tasks"])


if __name__ == "__main__":
    main()
