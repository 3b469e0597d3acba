"""Results are fetched before the with block ends."""

import time
from multiprocessing import Pool


def download(page):
    time.sleep(1)  # the server is slow
    return page


def main():
    with Pool(2) as pool:
        pages = pool.map_async(download, range(2))
        print("Waiting for the pages")
        print(pages.get())


if __name__ == "__main__":
    main()
