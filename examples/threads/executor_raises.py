"""An executor keeps the exception of a task for result()."""

import sys
from concurrent.futures import ThreadPoolExecutor


def resize(photo):
    if photo == "b.jpg":
        raise OSError("disk full")
    return photo


def main():
    failed = False
    with ThreadPoolExecutor(2) as pool:
        tasks = {
            photo: pool.submit(resize, photo)
            for photo in ("a.jpg", "b.jpg", "c.jpg")
        }
        for photo, task in tasks.items():
            try:
                print(task.result(), "resized")
            except OSError as error:
                print(photo, "failed:", error)
                failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
