"""A manager's Value holds a text of any length."""

from multiprocessing import Manager, Process


def take_photos(status):
    status.value = "3 photos taken in the café, with flash"


def main():
    with Manager() as manager:
        status = manager.Value("u", "")
        camera = Process(target=take_photos, args=(status,))
        camera.start()
        camera.join()
        print(status.value)


if __name__ == "__main__":
    main()
