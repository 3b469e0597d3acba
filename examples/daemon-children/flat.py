"""One Pool for all photos: the work is flat."""

from multiprocessing import Pool


def resize(photo):
    return f"{photo} resized"


def main():
    albums = [["cat.jpg", "dog.jpg"], ["sea.jpg"]]
    photos = [photo for album in albums for photo in album]
    with Pool(2) as pool:
        print(pool.map(resize, photos))


if __name__ == "__main__":
    main()
