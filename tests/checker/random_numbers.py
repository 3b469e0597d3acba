"""Short programs for the rule random-numbers."""

START = """import random
from functools import partial
from multiprocessing import Pool, Process
import numpy as np

"""
END = """
def main():
    with Pool() as pool:
        pool.map(draw, range(9))
"""

FOUND: tuple[str, ...] = (
    START + "def draw(_):\n    return np.random.rand()  # here\n" + END,
    START + "rng = np.random.default_rng()\ndef draw(_):\n    return rng.random()  # here\n" + END,
    START + "dice = random.Random(5)\ndef draw(_):\n    return dice.random()  # here\n" + END,
    START + "random.seed(5)\ndef draw(_):\n    return random.random()  # here\n" + END,
    START + "SEED = 5\nnp.random.seed(SEED)\ndef draw(_):\n    np.random.rand()  # here\n" + END,
    START + "def draw(_):\n    rng = np.random.default_rng(7)  # here\n" + END,
    START + "def draw(_):\n    random.seed(7)  # here\n    return random.random()\n" + END,
    START
    + """def draw(rng):
    return rng.random()

def main():
    rng = np.random.default_rng(7)
    for _ in range(3):
        Process(target=draw, args=(rng,)).start()  # here
""",
    START
    + """def draw(rng, number):
    return rng.random()

def main():
    rng = random.Random()
    Pool().map(partial(draw, rng), range(9))  # here
""",
    START
    + """def draw(task):
    seed, size = task
    np.random.seed(seed)  # here
    return np.random.rand(size)

def main():
    Pool().map(draw, [(7, size) for size in range(9)])
""",
    START
    + """def draw(task):
    random.seed(task["seed"])  # here
    return random.random()

def main():
    Pool().map(draw, [{"size": size, "seed": 7} for size in range(9)])
""",
    START
    + """def draw(seed, size):
    random.seed(seed)  # here
    return random.random()

def main():
    Pool().starmap(draw, [(7, size) for size in range(9)])
""",
)


RIGHT: tuple[str, ...] = (
    """from multiprocessing import Pool

def work(number):
    import numpy as np
    from numpy import linalg
    return np.random.rand()

with Pool() as pool:
    pool.map(work, range(4))
""",
    START + "def draw(task):\n    np.random.seed(task)\n    return np.random.rand()\n" + END,
    START + "def draw(task):\n    set_seeds(task)\n    return np.random.rand()\n" + END,
    START + "def draw(task):\n    rng = np.random.default_rng()\n    return rng.random()\n" + END,
    START + "def draw(task):\n    np.random.seed(7)\n    return np.random.get_state()\n" + END,
    START + "def draw(task):\n    return random.random()\n" + END,
    START + "def draw(task):\n    return tools.random() + len('a')\n" + END,
    START
    + """if __name__ == "__main__":
    rng = np.random.default_rng(7)

def draw(task):
    return rng.random()
"""
    + END,
    START
    + """def draw(task):
    return np.random.rand()

def main():
    Process(target=draw, args=(1,)).start()
""",
    START
    + """def draw(rng):
    return rng.random()

def main():
    for number in range(3):
        rng = np.random.default_rng(number)
        Process(target=draw, args=(rng, number)).start()
""",
    START
    + """def draw(task):
    seed, size = task
    np.random.seed(seed)
    return np.random.rand(size)

def main():
    Pool().map(draw, [(seed, 1) for seed in range(9)])
    Pool().map(draw, [(7, 1), (8, 1)])
""",
    START
    + """def draw(seed, size=1):
    random.seed(seed)
    return random.random()

def main():
    Pool().starmap(draw, [(7, 1), (8, 1), ()])
    Pool().starmap(draw, [])
    Pool().starmap(draw, made())
""",
    START
    + """def draw(task):
    random.seed(task[0])
    np.random.seed(task["seed"])
    return random.random() + np.random.rand()

def main():
    Pool().map(draw, [(seed, 1) for seed in range(9)])
    Pool().map(draw, [{"seed": seed, "size": 1} for seed in range(9)])
""",
    START
    + """def draw(task):
    seed, *sizes = task
    random.seed(seed)
    return random.random()

def main():
    Pool().map(draw, [(seed, 1, 2) for seed in range(9)])
    Pool().map(draw, [(*seeds(), 1) for _ in range(9)])
""",
)
