"""Short programs for the rule manager-ended."""

START = """from multiprocessing import Manager, Process

def rate(ratings):
    ratings["Alien"] = 5

"""

FOUND: tuple[str, ...] = (
    START
    + """def main():
    with Manager() as manager:
        return manager.Event()  # here
""",
    START
    + """with Manager() as manager:
    ratings = manager.dict()
print(ratings["Alien"])  # here
print(ratings["Brazil"])
""",
    START
    + """def main():
    manager = Manager()
    ratings = manager.dict()
    manager.shutdown()
    return dict(ratings)  # here
""",
    START
    + """def main():
    with Manager() as manager:
        ratings = manager.dict()
        return ratings  # here
""",
    START
    + """def main():
    with Manager() as manager:
        ratings = manager.dict()
        critic = Process(target=rate, args=(ratings,))
        critic.start()
    critic.join()  # here
""",
    START
    + """def main():
    critic = Process(target=rate, args=(Manager().dict(),))  # here
""",
)

RIGHT: tuple[str, ...] = (
    START
    + """def main():
    with Manager() as manager:
        ratings = manager.dict()
        return dict(ratings)
""",
    START
    + """def main():
    with Manager() as manager:
        ratings = manager.dict()
        other = Process(target=print, args=("Alien",))
        other.start()
        critic = Process(target=rate, args=(ratings,))
        critic.start()
        critic.join()
        copied = ratings.copy()
    print(copied)
    ratings = {}
    print(ratings)
    other.join()
""",
    START
    + """def main():
    with Manager() as manager:
        ratings = manager.dict()
        return ratings.copy()
""",
    START
    + """def main():
    manager = Manager()
    while True:
        ratings = manager.dict()
        manager.shutdown()
        manager = Manager()
""",
    START
    + """def main():
    with Manager() as manager:
        names = [1]
    print(names)
    ratings = Manager().dict()
    Process(target=rate, args=(ratings, print("a"))).start()
""",
)
