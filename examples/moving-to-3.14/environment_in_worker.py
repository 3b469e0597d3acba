"""The worker gets the value, and sets the variable itself."""

import os
from multiprocessing import Process, SimpleQueue


def train(device, answers):
    os.environ["CUDA_VISIBLE_DEVICES"] = device
    answers.put(os.environ["CUDA_VISIBLE_DEVICES"])


def main():
    answers = SimpleQueue()
    for device in ["0", "1"]:
        worker = Process(target=train, args=(device, answers))
        worker.start()
        worker.join()
        print("Wanted:", device, "- the worker has:", answers.get())


if __name__ == "__main__":
    main()
