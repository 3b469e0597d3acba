"""The quick way back: the program asks for fork."""

from multiprocessing import Pool, set_start_method

rates = {}


def in_dollars(euros):
    return euros * rates["USD"]


def main():
    rates["USD"] = 2
    with Pool(2) as pool:
        print(pool.map(in_dollars, [10, 20]))


if __name__ == "__main__":
    set_start_method("fork")
    main()
