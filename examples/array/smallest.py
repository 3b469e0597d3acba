"""A worker changes an array of numbers, and the parent sees it."""

from multiprocessing import Array, Process


def warm_up(degrees):
    for room in range(len(degrees)):
        degrees[room] += 1.5


def main():
    degrees = Array("d", [18.0, 20.5, 19.0])
    heating = Process(target=warm_up, args=(degrees,))
    heating.start()
    heating.join()
    print("Degrees:", degrees[:])


if __name__ == "__main__":
    main()
