# /// script
# dependencies = ["mpi4py", "mpich"]
# ///
"""One rank fails: the others wait forever, or are ended."""

import sys

from _mpiexec import IN_A_RANK, SAFELY, ending
from mpi4py import MPI


def ranks():
    if MPI.COMM_WORLD.rank == 1:
        print("rank 1 fails", flush=True)
        sys.exit(3)
    MPI.COMM_WORLD.Barrier()


def main():
    print("python:", ending(__file__, limit=2))
    print("python -m mpi4py:", ending(*SAFELY, __file__))


if __name__ == "__main__":
    ranks() if IN_A_RANK else main()
