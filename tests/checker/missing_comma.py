"""Short programs for the rule missing-comma."""

START = """from multiprocessing import Pool, Process, Queue

def work(number):
    print(number)

def maker(number):
    return work

def named(number):
    names = []
    names.append(number)
    return names

class Shop:
    def work(self, number):
        print(number)

"""

FOUND = tuple(
    START + f"def main(name, *more):\n    {line}  # here"
    for line in (
        "Process(target=work(1)).start()",
        "Process(target=print(1)).start()",
        "Process(target=named(1)).start()",
        'Process(target=work, args=("tea")).start()',
        "Process(target=work, args=(7)).start()",
        "Process(target=work, args=str(7)).start()",
        'Process(target=work, args=f"{name}").start()',
        "Process(target=work, args=Queue()).start()",
        "Process(target=work, args=(name)).start()",
        "Process(target=Shop().work, args=(name)).start()",
        "Pool(2, initializer=work, initargs=(name))",
        "Pool(2).apply_async(work, len(name))",
    )
)

RIGHT = tuple(
    START + f"def main(name, *more):\n    {line}"
    for line in (
        "Process(target=maker(1), args=(1,)).start()",
        "Process(target=Shop(), args=[1]).start()",
        "Process(target=Shop(1), args=name).start()",
        "Process(target=print, args=(name)).start()",
        "Process(target=work, args=(more[0],)).start()",
        "one = (1,); Process(target=work, args=(one)).start()",
        "Process(target=work, args=(name), kwargs={}).start()",
        "Pool(2).apply_async(work, tuple(name))",
    )
)
