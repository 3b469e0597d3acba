# /// script
# dependencies = ["joblib"]
# ///
"""Count in a global, as the sum of the results, and in threads."""

from threading import Lock

from joblib import Parallel, delayed

clicks = [0]
lock = Lock()


def count(times):
    for _ in range(times):
        clicks[0] += 1
    return times


def count_locked(times):
    for _ in range(times):
        with lock:
            clicks[0] += 1


def main():
    results = Parallel(n_jobs=2)(delayed(count)(500) for _ in range(4))
    print("the parent's global:", clicks[0])
    print("sum of the results:", sum(results))
    threads = Parallel(n_jobs=2, require="sharedmem")
    threads(delayed(count_locked)(500) for _ in range(4))
    print("counted in threads:", clicks[0])


if __name__ == "__main__":
    main()
