"""If memory runs out, the system is to kill a worker first."""

from concurrent.futures import ProcessPoolExecutor

SCORE = "/proc/self/oom_score_adj"


def kill_me_first():
    with open(SCORE, "w", encoding="utf-8") as file:
        file.write("1000")


def read_score():
    with open(SCORE, encoding="utf-8") as file:
        return int(file.read())


def main():
    with ProcessPoolExecutor(1, initializer=kill_me_first) as pool:
        print("Worker:", pool.submit(read_score).result())


if __name__ == "__main__":
    main()
