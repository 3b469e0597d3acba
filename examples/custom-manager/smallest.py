"""Two games write into one scoreboard, an object of a class of ours."""

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


def play(player, points, scoreboard):
    scoreboard.add(player, points)


def main():
    with GameManager() as manager:
        scoreboard = manager.Scoreboard()
        games = [
            Process(target=play, args=("Ada", points, scoreboard))
            for points in (30, 12)
        ]
        for game in games:
            game.start()
        for game in games:
            game.join()
        print(scoreboard.points())


if __name__ == "__main__":
    main()
