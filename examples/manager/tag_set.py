"""Collect each tag once, in a shared set."""

from multiprocessing import Manager, Process


def collect(tags, seen):
    for tag in tags:
        seen.add(tag)


def main():
    with Manager() as manager:
        seen = manager.set()
        reader = Process(target=collect, args=(["new", "new"], seen))
        reader.start()
        reader.join()
        print("Tags:", list(seen))


if __name__ == "__main__":
    main()
