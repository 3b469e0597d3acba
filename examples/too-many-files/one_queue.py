"""One queue has the results of all jobs, each with its number."""

import resource
from multiprocessing import Process, Queue

NOFILE = resource.RLIMIT_NOFILE


def count(jobs, answers):
    for number, words in jobs:
        answers.put((number, len(words.split())))


def main():
    _, most = resource.getrlimit(NOFILE)
    resource.setrlimit(NOFILE, (64, most))  # soon reached
    jobs = [(number, "tea and milk") for number in range(100)]
    answers = Queue()
    workers = [
        Process(target=count, args=(half, answers))
        for half in (jobs[:50], jobs[50:])
    ]
    for worker in workers:
        worker.start()
    lengths = dict(answers.get() for _ in jobs)
    for worker in workers:
        worker.join()
    print("Answers:", len(lengths), "for job 99:", lengths[99])


if __name__ == "__main__":
    main()
