"""Two long tasks report each step through one queue."""

from multiprocessing import Process, SimpleQueue

STEPS = 50


def encode(film, steps):
    for _ in range(STEPS):
        steps.put(film)


def main():
    films = ["Metropolis", "Nosferatu"]
    steps = SimpleQueue()
    workers = [
        Process(target=encode, args=(film, steps)) for film in films
    ]
    for worker in workers:
        worker.start()
    for count in range(1, len(films) * STEPS + 1):
        steps.get()
        if count % 25 == 0:
            print(f"{count:3} %")
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
