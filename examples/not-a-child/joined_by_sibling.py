"""A worker cannot join, test or start its parent's other worker."""

from multiprocessing import Process, Queue


def download(url):
    return len(url)


def report(downloader, answers):
    for name in "join", "is_alive", "start":
        try:
            getattr(downloader, name)()
        except AssertionError as error:
            answers.put(f"{name}: AssertionError: {error}")


def main():
    answers = Queue()
    downloader = Process(target=download, args=("/a",))
    reporter = Process(target=report, args=(downloader, answers))
    reporter.start()
    downloader.start()
    for _ in range(3):
        print(answers.get())
    for process in downloader, reporter:
        process.join()


if __name__ == "__main__":
    main()
