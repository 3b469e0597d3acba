"""A manager makes a block and a list, and removes them at the end."""

from multiprocessing import Process
from multiprocessing.managers import SharedMemoryManager


def paint(picture, report):
    picture.buf[:6] = b"colors"
    report[0] = "painted"
    report[1] = 6
    picture.close()
    report.shm.close()


def main():
    with SharedMemoryManager() as manager:
        picture = manager.SharedMemory(6)
        report = manager.ShareableList(["waiting", 0])
        painter = Process(target=paint, args=(picture, report))
        painter.start()
        painter.join()
        print(bytes(picture.buf[:6]), list(report))
        picture.close()
        report.shm.close()


if __name__ == "__main__":
    main()
