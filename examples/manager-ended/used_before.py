"""The worker has used its proxy before; again, it is too late."""

from multiprocessing import Manager, Pipe, Process


def rate(ratings, parent):
    ratings["Alien"] = 5
    parent.send("rated one film")
    parent.recv()
    try:
        ratings["Brazil"] = 4
    except ConnectionError as error:
        parent.send(f"{type(error).__name__}: {error}")


def main():
    parent, worker = Pipe()
    with parent, worker:
        with Manager() as manager:
            ratings = manager.dict()
            critic = Process(target=rate, args=(ratings, worker))
            critic.start()
            print(parent.recv())
        parent.send("the manager has ended")
        print(parent.recv())
        critic.join()


if __name__ == "__main__":
    main()
