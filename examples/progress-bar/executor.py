"""An executor reports each finished task through as_completed()."""

from concurrent.futures import ProcessPoolExecutor, as_completed


def resize(photo):
    return photo * 100


def main():
    with ProcessPoolExecutor(4) as executor:
        photos = range(1, 41)
        tasks = [executor.submit(resize, photo) for photo in photos]
        for count, task in enumerate(as_completed(tasks), start=1):
            task.result()
            if count % 10 == 0:
                print(f"{count:3} of {len(tasks)}")


if __name__ == "__main__":
    main()
