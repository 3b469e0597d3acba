"""One worker writes its progress, and the parent reads it."""

from multiprocessing import Event, Process
from multiprocessing.sharedctypes import RawValue


def download(percent, half, go_on):
    percent.value = 50
    half.set()
    go_on.wait()
    percent.value = 100


def main():
    percent, half, go_on = RawValue("i", 0), Event(), Event()
    loader = Process(target=download, args=(percent, half, go_on))
    loader.start()
    half.wait()
    print("Downloaded:", percent.value, "%")
    go_on.set()
    loader.join()
    print("Downloaded:", percent.value, "%")


if __name__ == "__main__":
    main()
