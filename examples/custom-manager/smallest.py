"""A child and its parent write into one object of a class of ours."""

from multiprocessing import Process
from multiprocessing.managers import BaseManager
from threading import Lock


class Scoreboard:
    def __init__(self):
        self._points = {}
        self._lock = Lock()

    def add(self, player, points):
        with self._lock:
            before = self._points.get(player, 0)
            self._points[player] = before + points

    def points(self):
        return dict(self._points)


class GameManager(BaseManager):
    pass


GameManager.register("Scoreboard", Scoreboard)


def main():
    with GameManager() as manager:
        scoreboard = manager.Scoreboard()
        game = Process(target=scoreboard.add, args=("Ada", 30))
        game.start()
        scoreboard.add("Ada", 12)
        game.join()
        print(scoreboard.points())


if __name__ == "__main__":
    main()
