"""The workers of a Pool are daemons: they may not start a process."""

from multiprocessing import Pool, Process


def compress():
    print("compressed")


def archive(name):
    helper = Process(target=compress)
    helper.start()
    helper.join()


def main():
    with Pool(2) as pool:
        try:
            pool.map(archive, ["letters", "photos"])
        except AssertionError as error:
            print("AssertionError:", error)


if __name__ == "__main__":
    main()
