"""Two workers write into one dict, and the parent reads it."""

from multiprocessing import Manager, Process


def rate(film, stars, ratings):
    ratings[film] = stars


def main():
    with Manager() as manager:
        ratings = manager.dict()
        critics = [
            Process(target=rate, args=(film, stars, ratings))
            for film, stars in [("Alien", 5), ("Brazil", 4)]
        ]
        for critic in critics:
            critic.start()
        for critic in critics:
            critic.join()
        print(sorted(ratings.items()))


if __name__ == "__main__":
    main()
