# /// script
# dependencies = ["tqdm"]
# ///
"""Each task draws a bar of its own; one lock keeps the lines apart."""

from multiprocessing import Pool, RLock

from tqdm import tqdm


def encode(number_and_film):
    number, film = number_and_film
    frames = 0
    for _ in tqdm(range(50), film, position=number, disable=None):
        frames += 1
    return f"{film}: {frames} frames"


def main():
    films = ["Metropolis", "Nosferatu"]
    lock = RLock()
    tqdm.set_lock(lock)
    with Pool(2, tqdm.set_lock, (lock,)) as pool:
        done = pool.map(encode, enumerate(films), chunksize=1)
    print(*done, sep="\n")


if __name__ == "__main__":
    main()
