"""An environment variable that is changed before each start."""

import os
from multiprocessing import Process, SimpleQueue


def train(answers):
    answers.put(os.environ["CUDA_VISIBLE_DEVICES"])


def main():
    answers = SimpleQueue()
    for device in ["0", "1"]:
        os.environ["CUDA_VISIBLE_DEVICES"] = device
        worker = Process(target=train, args=(answers,))
        worker.start()
        worker.join()
        print("Wanted:", device, "- the worker has:", answers.get())


if __name__ == "__main__":
    main()
