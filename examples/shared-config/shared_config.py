"""Three workers read one configuration; a change reaches them all."""

from multiprocessing import Barrier, Manager, Process, Queue


def send_mails(config, changed, mails):
    mails.put(f"{config['greeting']}, from {config['sender']}")
    changed.wait()
    changed.wait()
    mails.put(f"{config['greeting']}, from {config['sender']}")


def main():
    workers_and_parent = 4
    changed, mails = Barrier(workers_and_parent), Queue()
    with Manager() as manager:
        config = manager.dict(greeting="Hello", sender="the shop")
        workers = [
            Process(target=send_mails, args=(config, changed, mails))
            for _ in range(3)
        ]
        for worker in workers:
            worker.start()
        before = {mails.get() for _ in workers}
        changed.wait()
        config.update(greeting="Good evening", sender="Ada")
        changed.wait()
        after = {mails.get() for _ in workers}
        for worker in workers:
            worker.join()
    print("Before:", before)
    print("After:", after)


if __name__ == "__main__":
    main()
