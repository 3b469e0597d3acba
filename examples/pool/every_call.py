"""The same work through each call of a Pool."""

from multiprocessing import Pool


def area(width, height=10):
    return width * height


def main():
    widths = [1, 2, 3]
    with Pool(2) as pool:
        print("map:", pool.map(area, widths))
        print("starmap:", pool.starmap(area, [(1, 2), (3, 4)]))
        print("imap:", list(pool.imap(area, widths)))
        unordered = pool.imap_unordered(area, widths)
        print("imap_unordered:", sorted(unordered))
        print("apply:", pool.apply(area, (4,), {"height": 5}))
        one = pool.apply_async(area, (6,))
        many = pool.map_async(area, widths)
        print("apply_async:", one.get(timeout=30))
        print("map_async:", many.get(timeout=30))
        print(many.ready(), many.successful())


if __name__ == "__main__":
    main()
