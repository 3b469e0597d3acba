"""Three workers add up the orders of a day; the parent has them all."""

from multiprocessing import Pool

DAYS = {
    "Monday": [12, 30, 8],
    "Tuesday": [25, 5],
    "Wednesday": [40, 2, 18],
}


def add_up(day):
    return day, sum(DAYS[day])


def main():
    with Pool(3) as pool:
        totals = pool.map(add_up, DAYS)
        pool.close()
        pool.join()
    for day, total in totals:
        print(day, total)


if __name__ == "__main__":
    main()
