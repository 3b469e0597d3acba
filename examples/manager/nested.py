"""A worker appends to a manager's list inside a manager's dict."""

from multiprocessing import Manager, Process


def rate(film, stars, ratings):
    ratings[film].append(stars)


def main():
    with Manager() as manager:
        ratings = manager.dict()
        for film in ["Alien", "Brazil"]:
            ratings[film] = manager.list([3])
        critic = Process(target=rate, args=("Alien", 5, ratings))
        critic.start()
        critic.join()
        print(type(ratings["Alien"]).__name__)
        print({film: list(stars) for film, stars in ratings.items()})


if __name__ == "__main__":
    main()
