"""A copy is read cheaply; a version number tells when it is old."""

from multiprocessing import Manager, Process, Queue, Value


class Config:
    def __init__(self, shared, version):
        self._shared, self._version = shared, version
        self._seen, self._copy, self.fetches = -1, {}, 0

    def __getitem__(self, name):
        version = self._version.value
        if version != self._seen:
            self._copy = self._shared.copy()
            self._seen = version
            self.fetches += 1
        return self._copy[name]


def resize(shared, version, photos, widths):
    config = Config(shared, version)
    while photos.get() is not None:
        widths.put(config["width"])
    widths.put(f"copied {config.fetches} times")


def main():
    photos, widths = Queue(), Queue()
    version = Value("q", 0)
    with Manager() as manager:
        shared = manager.dict(width=640)
        worker = Process(
            target=resize, args=(shared, version, photos, widths)
        )
        worker.start()
        for photo in ["beach", "bridge", "castle"]:
            photos.put(photo)
        print([widths.get() for _ in range(3)])
        with version.get_lock():
            shared["width"] = 800
            version.value += 1
        for photo in ["forest", "harbor", None]:
            photos.put(photo)
        print([widths.get() for _ in range(3)])
        worker.join()


if __name__ == "__main__":
    main()
