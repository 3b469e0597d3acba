"""Leave the loop, and the end of the with block ends the pool."""

from multiprocessing import Pool
from time import sleep


def open_box(box):
    if box != 3:
        sleep(60)  # the box is hard to open
    return box


def main():
    with Pool(4) as pool:
        for box in pool.imap_unordered(open_box, range(1, 5)):
            print("the prize is in box", box)
            break
    print("the others are not waited for")


if __name__ == "__main__":
    main()
