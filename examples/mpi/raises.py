# /// script
# dependencies = ["mpi4py", "mpich"]
# ///
"""One rank fails: the others wait forever, or are ended."""

import sys

from _mpiexec import ending
from mpi4py import MPI


def fail():
    if MPI.COMM_WORLD.rank == 1:
        print("rank 1 fails", flush=True)
        sys.exit(3)
    MPI.COMM_WORLD.Barrier()


def main():
    print("python:", ending(fail, limit=2))
    print("python -m mpi4py:", ending(fail, "-m", "mpi4py"))


if __name__ == "__main__":
    main()
