"""A worker learns by an Event that another worker is done."""

from multiprocessing import Event, Process, Queue


def download(url, done):
    done.set()


def report(done, answers):
    done.wait()
    answers.put("The download is done")


def main():
    answers = Queue()
    done = Event()
    downloader = Process(target=download, args=("/a", done))
    reporter = Process(target=report, args=(done, answers))
    reporter.start()
    downloader.start()
    print(answers.get())
    for process in downloader, reporter:
        process.join()


if __name__ == "__main__":
    main()
