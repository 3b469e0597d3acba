"""Without a with block: start() first, shutdown() last."""

from multiprocessing.managers import SharedMemoryManager


def main():
    manager = SharedMemoryManager()
    manager.start()
    try:
        scores = manager.ShareableList([0, 0, 0])
        scores[1] = 7
        print(list(scores))
        scores.shm.close()
    finally:
        manager.shutdown()


if __name__ == "__main__":
    main()
