"""Each worker counts for itself, and the parent adds up: no lock."""

from multiprocessing import Pool


def check(tickets):
    return sum(1 for ticket in tickets if ticket % 3)


def main():
    with Pool(4) as pool:
        counts = pool.map(
            check, [range(gate, 1200, 4) for gate in range(4)]
        )
    print(sum(counts), "valid tickets")


if __name__ == "__main__":
    main()
