"""The job of all programs of this page: count the words in a folder of files."""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

WORDS = [f"word{number}" for number in range(1000)]
TEXTS = 10  # different ones; they repeat, because to make 1 GB of them takes minutes
SMALL = 0.3


def count(path: str) -> Counter[str]:
    """How often each word is in a file."""
    return Counter(Path(path).read_text("ascii").split())


@contextmanager
def files() -> Iterator[list[str]]:
    """Paths of ten files or more, together of as many MB as the first argument says."""
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else SMALL
    number = max(TEXTS, round(megabytes))
    size = int(megabytes * 1_000_000 / number)
    texts = [_text(seed, size) for seed in range(TEXTS)]
    with TemporaryDirectory(prefix="growth-") as folder:
        paths = [Path(folder, f"{n}.txt") for n in range(number)]
        for n, path in enumerate(paths):
            path.write_bytes(texts[n % TEXTS])
        yield [str(path) for path in paths]


def _text(seed: int, size: int) -> bytes:
    """Words in a random order, the same for the same seed; of `size` bytes, or a little less."""
    words = random.Random(seed).choices(WORDS, k=size // 7)  # 7.89 bytes, with the space
    return " ".join(words).encode()[:size].rpartition(b" ")[0]
