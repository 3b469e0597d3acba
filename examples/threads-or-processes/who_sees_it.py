"""A task changes a global: does the program see the change?"""

from concurrent import futures

KINDS = [
    "ThreadPoolExecutor",
    "InterpreterPoolExecutor",
    "ProcessPoolExecutor",
]
basket = []


def pack(item):
    basket.append(item)


def main():
    for kind in KINDS:
        executor = getattr(futures, kind, None)
        if executor is None:
            print(f"{kind}: from Python 3.14 on")
            continue
        with executor(1) as pool:
            pool.submit(pack, "apple").result()
        print(f"{kind}: {basket}")
        basket.clear()


if __name__ == "__main__":
    main()
