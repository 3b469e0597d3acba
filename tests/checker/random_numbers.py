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
)

RIGHT: tuple[str, ...] = (
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
)
