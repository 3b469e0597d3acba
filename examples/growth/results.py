"""Draws the recorded times, and says from which size on each pays."""

import json
from math import log10
from pathlib import Path
from statistics import median, quantiles

FILE = Path(__file__).with_name("_measured.json")
WIDTH = 12  # of a tenfold time


def column(seconds):
    return round(WIDTH * (log10(seconds) + 2))  # 0.01 s is at the left


def main():
    times = json.loads(FILE.read_text("utf-8"))["seconds"]
    pays = {}
    for size in times["one_process"]:
        print(f"{size} MB".ljust(19) + "median, quartiles in s")
        for program, sizes in times.items():
            low, _, high = quantiles(sizes[size], method="inclusive")
            middle = median(sizes[size])
            numbers = f"{middle:9.3f} {low:9.3f} to {high:.3f}"
            print(f"  {program:13}", numbers)
            if program == "one_process":
                alone = low
            elif high >= alone:
                pays.pop(program, None)  # not yet, or not clearly
            else:
                pays.setdefault(program, size)
    print("\nThe medians: each = is 1.2 times the time before it")
    for size in times["one_process"]:
        for program, sizes in times.items():
            bar = "=" * column(median(sizes[size]))
            print(f"{size:>4} MB {program:13} {bar}")
    print()
    for program in list(times)[1:]:
        size = pays.get(program)
        where = f"from {size} MB on" if size else "at no size"
        print(program, "pays", where)


if __name__ == "__main__":
    main()
