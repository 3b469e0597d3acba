"""Two processes take two locks in opposite order, and both hang."""

from multiprocessing import Barrier, Lock, Process


def move(from_account, to_account, both_have_one):
    with from_account:
        both_have_one.wait()
        with to_account:
            pass


def main():
    savings, checking = Lock(), Lock()
    both_have_one = Barrier(2)
    moves = [
        Process(target=move, args=(savings, checking, both_have_one)),
        Process(target=move, args=(checking, savings, both_have_one)),
    ]
    for process in moves:
        process.start()
    print("Moving money in both directions")
    for process in moves:
        process.join()


if __name__ == "__main__":
    main()
