"""What a child sees of the parent's values, by start method."""

from multiprocessing import get_all_start_methods, get_context

currency = "EUR"
tax_percent = 19


def report(answers, order):
    answers.put((currency, tax_percent, order))


def main():
    global tax_percent
    tax_percent = 7
    print("parent: EUR, 7, order 5")
    for method in sorted(get_all_start_methods()):
        ctx = get_context(method)
        answers = ctx.SimpleQueue()
        child = ctx.Process(target=report, args=(answers, "order 5"))
        child.start()
        print(f"{method}: %s, %d, %s" % answers.get())
        child.join()


if __name__ == "__main__":
    main()
