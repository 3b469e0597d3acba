"""A worker cannot join or test another worker of its parent."""

from multiprocessing import Process, Queue


def download(url):
    return len(url)


def report(downloader, answers):
    for method in downloader.join, downloader.is_alive:
        try:
            method()
        except AssertionError as error:
            answers.put(f"AssertionError: {error}")


def main():
    answers = Queue()
    downloader = Process(target=download, args=("/a",))
    reporter = Process(target=report, args=(downloader, answers))
    reporter.start()
    downloader.start()
    print(answers.get())
    print(answers.get())
    for process in downloader, reporter:
        process.join()


if __name__ == "__main__":
    main()
