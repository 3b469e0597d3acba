"""A Lock of a fork context is given to a spawn process."""

from multiprocessing import get_context


def work(lock, answers):
    with lock:
        answers.put("ready")


def main():
    lock = get_context("fork").Lock()
    ctx = get_context("spawn")
    answers = ctx.SimpleQueue()
    worker = ctx.Process(target=work, args=(lock, answers))
    worker.start()
    print("The worker is", answers.get())
    worker.join()


if __name__ == "__main__":
    main()
