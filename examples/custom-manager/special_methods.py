"""Methods like __len__ are exposed only if they are named."""

from multiprocessing.managers import BaseManager


class Playlist:
    def __init__(self):
        self._songs = []

    def add(self, song):
        self._songs.append(song)

    def __len__(self):
        return len(self._songs)


class MusicManager(BaseManager):
    pass


MusicManager.register("Playlist", Playlist)
MusicManager.register(
    "LongPlaylist", Playlist, exposed=("add", "__len__")
)


def main():
    with MusicManager() as manager:
        playlist = manager.LongPlaylist()
        playlist.add("So What")
        playlist.add("Blue in Green")
        print("Songs:", len(playlist))
        try:
            len(manager.Playlist())
        except TypeError as error:
            print("TypeError:", error)


if __name__ == "__main__":
    main()
