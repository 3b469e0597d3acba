"""These go to a process of any start method."""

from multiprocessing import (
    Pipe,
    RawArray,
    get_all_start_methods,
    get_context,
)


def work(lock, prices, answers):
    with lock:
        prices[0] += 1
    answers.send(prices[:])


def main():
    lock = get_context("spawn").Lock()
    prices = RawArray("i", [5, 7])
    reader, answers = Pipe(duplex=False)
    for method in sorted(get_all_start_methods()):
        ctx = get_context(method)
        worker = ctx.Process(target=work, args=(lock, prices, answers))
        worker.start()
        print(f"{method:10}", reader.recv())
        worker.join()


if __name__ == "__main__":
    main()
