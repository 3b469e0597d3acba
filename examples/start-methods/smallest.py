"""A context starts processes with one start method."""

from multiprocessing import get_context


def shrink(width, widths):
    widths.put(width // 2)


def main():
    ctx = get_context("spawn")
    widths = ctx.Queue()
    worker = ctx.Process(target=shrink, args=(640, widths))
    worker.start()
    print("Width:", widths.get())
    worker.join()


if __name__ == "__main__":
    main()
