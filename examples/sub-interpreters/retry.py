# /// script
# requires-python = ">=3.14"
# ///
"""A job is done when its future has a result; else it is retried."""

from concurrent.futures import InterpreterPoolExecutor, as_completed


def resize(photo, attempt):
    if photo == "b.jpg" and attempt == 1:
        raise OSError("disk not ready")
    return f"{photo} resized in attempt {attempt}"


def main():
    photos = ["a.jpg", "b.jpg", "c.jpg"]
    done, left = [], [(photo, 1) for photo in photos]
    with InterpreterPoolExecutor(2) as pool:
        while left:
            jobs = {pool.submit(resize, *job): job for job in left}
            left = []
            for future in as_completed(jobs):
                photo, attempt = jobs[future]
                try:
                    done.append(future.result())
                except OSError:
                    if attempt == 3:
                        raise
                    left.append((photo, attempt + 1))
    print(*sorted(done), sep="\n")


if __name__ == "__main__":
    main()
