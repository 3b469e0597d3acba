"""The same work under each start method: where does it fail?"""

from multiprocessing import get_all_start_methods, get_context

rates = {}


def work():
    return rates["USD"]


def main():
    rates["USD"] = 2
    for method in sorted(get_all_start_methods()):
        with get_context(method).Pool(1) as pool:
            result = pool.apply_async(work)
            result.wait()
        print(f"{method}:", "works" if result.successful() else "fails")


if __name__ == "__main__":
    main()
