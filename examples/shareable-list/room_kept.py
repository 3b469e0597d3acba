"""Filler makes room for longer texts, and is then overwritten."""

from multiprocessing.shared_memory import ShareableList


def main():
    order = ShareableList([" " * 40, 0])
    try:
        for text in ["tea", "espresso", "cappuccino"]:
            order[0] = text
            print("Ordered:", order[0])
    finally:
        order.shm.close()
        order.shm.unlink()


if __name__ == "__main__":
    main()
