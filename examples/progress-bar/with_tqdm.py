# /// script
# dependencies = ["tqdm"]
# ///
"""A tqdm bar that grows as the workers finish, in any order."""

from multiprocessing import Pool

from tqdm import tqdm


def resize(photo):
    return photo, photo * 100


def main():
    photos = range(1, 41)
    sizes = {}
    with Pool(4) as pool:
        finished = pool.imap_unordered(resize, photos)
        for photo, size in tqdm(finished, total=40, disable=None):
            sizes[photo] = size
    print(len(sizes), "photos,", sum(sizes.values()), "KiB")


if __name__ == "__main__":
    main()
