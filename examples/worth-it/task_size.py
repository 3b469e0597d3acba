"""From which size of a task on is a pool faster than a loop?"""

from multiprocessing import Barrier, Pool
from time import perf_counter

TASKS = 50


def squares(numbers):
    return sum(number * number for number in range(numbers))


def milliseconds(function, *arguments):
    started = perf_counter()
    function(*arguments)
    return (perf_counter() - started) * 1000


def main():
    started = perf_counter()
    with Pool(2, Barrier(2).wait) as pool:
        pool.apply(squares, (1,))  # both workers have met
        start = (perf_counter() - started) * 1000
        print(f"start of the pool: {start:.3f} ms")
        for numbers in 10, 100, 1_000, 10_000, 100_000:
            tasks = [numbers] * TASKS
            loop = milliseconds(list, map(squares, tasks))
            pooled = milliseconds(pool.map, squares, tasks, 1)
            print(f"{TASKS} tasks of {numbers} squares")
            print(f"  in a loop: {loop:.3f} ms")
            print(f"  in a pool: {pooled:.3f} ms")


if __name__ == "__main__":
    main()
