"""Progress without a package: the parent counts what comes back."""

from multiprocessing import Pool


def resize(photo):
    return photo * 100


def main():
    photos = range(1, 41)
    total = 0
    with Pool(4) as pool:
        finished = pool.imap_unordered(resize, photos)
        for count, size in enumerate(finished, start=1):
            total += size
            if count % 10 == 0:
                bar = "#" * (count // 2)
                print(f"{count:3} of {len(photos)} {bar}")
    print(total, "KiB")


if __name__ == "__main__":
    main()
