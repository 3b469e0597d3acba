"""How much of the processors other programs use, while this one measures nothing."""

import time
from pathlib import Path

STAT = Path("/proc/stat")
SECONDS = 0.2
BUSY = 0.1  # of all processor time, from which on other programs disturb


class Others:
    """What other programs used in some moments in which the measurement did nothing."""

    def __init__(self) -> None:
        self.used = self.total = 0

    def look(self) -> None:
        """Do nothing for a moment, and add what was used of it. Linux tells; others do not."""
        if not STAT.is_file():
            return
        used, total = processor_time()
        time.sleep(SECONDS)
        used_after, total_after = processor_time()
        self.used += used_after - used
        self.total += total_after - total

    @property
    def share(self) -> float | None:
        """Of the time of all processors, in all of these moments; None where none is known."""
        return self.used / self.total if self.total else None


def processor_time() -> tuple[int, int]:
    """What all processors have worked, and what they have worked and waited, since the start."""
    first = STAT.read_text("utf-8").partition("\n")[0]
    fields = [int(n) for n in first.split()[1:9]]  # what follows is counted in these already
    idle, iowait = fields[3:5]
    return sum(fields) - idle - iowait, sum(fields)
