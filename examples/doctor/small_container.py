# /// script
# [tool.examples]
# commands = ["unshare"]
# ///
"""What the doctor tells in a container with 64 KiB of shared memory."""

import subprocess
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parents[2]
CONTAINER = [
    *["unshare", "--user", "--map-root-user", "--pid", "--fork"],
    *["--mount", "--mount-proc", "sh", "-ec"],
]
SETUP = """
mount -t tmpfs -o size=64k shm /dev/shm
echo left > /dev/shm/psm_1a2b3c4d
touch -d yesterday /dev/shm/psm_1a2b3c4d
exec "$@"
"""


def main():
    doctor = [sys.executable, "-m", "examples", "doctor"]
    told = subprocess.run(
        [*CONTAINER, SETUP, "sh", *doctor],
        cwd=SITE,
        capture_output=True,
        text=True,
    )
    items = told.stdout.split("\n\n")
    found = [item for item in items if "/dev/shm" in item]
    if not found:
        sys.exit(told.stderr)
    print("\n".join(found))


if __name__ == "__main__":
    main()
