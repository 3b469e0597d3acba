# /// script
# dependencies = ["mpi4py", "mpich", "numpy"]
# ///
"""Ranks add up what they have counted, or count in one place."""

import numpy as np
from _mpiexec import mpiexec
from mpi4py import MPI


def main():
    comm = MPI.COMM_WORLD

    # Each counts for itself, and all get the sum.
    mine = np.array([1000 * (comm.rank + 1)])
    total = np.empty_like(mine)
    comm.Allreduce(mine, total, op=MPI.SUM)

    # All count in the memory of rank 0, one at a time.
    one, before = np.array([1]), np.array([0])
    size = one.nbytes if comm.rank == 0 else 0
    window = MPI.Win.Allocate(size, one.itemsize, comm=comm)
    window.Lock(0, MPI.LOCK_SHARED)
    if comm.rank == 0:
        counter = np.frombuffer(window, one.dtype)
        counter[0] = 0
        window.Sync()
    comm.Barrier()
    for _ in range(1000):
        window.Fetch_and_op(one, before, 0, op=MPI.SUM)
        window.Flush(0)
    comm.Barrier()
    if comm.rank == 0:
        window.Sync()
        print("Allreduce:", total[0])
        print("Fetch_and_op:", counter[0])
    window.Unlock(0)
    window.Free()


if __name__ == "__main__":
    mpiexec(main)
