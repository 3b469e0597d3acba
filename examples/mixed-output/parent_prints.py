"""The processes return lines, and only the parent prints."""

from multiprocessing import Pool


def pack(order):
    line = order
    line += " packed"
    return line


def main():
    with Pool(2) as pool:
        for line in pool.map(pack, ["apple", "pear"]):
            print(line)


if __name__ == "__main__":
    main()
