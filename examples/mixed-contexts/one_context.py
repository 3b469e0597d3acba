"""Lock, queue and process come from the same context."""

from multiprocessing import get_context


def work(lock, answers):
    with lock:
        answers.put("ready")


def main():
    ctx = get_context("spawn")
    lock = ctx.Lock()
    answers = ctx.SimpleQueue()
    worker = ctx.Process(target=work, args=(lock, answers))
    worker.start()
    print("The worker is", answers.get())
    worker.join()


if __name__ == "__main__":
    main()
