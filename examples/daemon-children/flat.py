"""One pool with all the small tasks needs no second one."""

from multiprocessing import Pool


def compress(part):
    return part // 2


def main():
    archives = [[10, 20], [30, 40]]
    with Pool(4) as pool:
        tasks = [pool.map_async(compress, sizes) for sizes in archives]
        print([sum(task.get()) for task in tasks])


if __name__ == "__main__":
    main()
