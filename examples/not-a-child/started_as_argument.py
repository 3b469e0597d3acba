"""A started Process handed to another Process as an argument."""

from multiprocessing import Event, Process, Queue


def download(done):
    done.wait()


def report(downloader, answers):
    try:
        downloader.join()
    except AssertionError as error:
        answers.put(f"AssertionError: {error}")


def main():
    done = Event()
    answers = Queue()
    downloader = Process(target=download, args=(done,))
    downloader.start()
    reporter = Process(target=report, args=(downloader, answers))
    try:
        reporter.start()
        print(answers.get())
        reporter.join()
    except TypeError as error:
        print("TypeError:", error)
    done.set()
    downloader.join()


if __name__ == "__main__":
    main()
