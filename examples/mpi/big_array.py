# /// script
# dependencies = ["mpi4py", "mpich", "numpy"]
# ///
"""An array of 80 MB is divided among the ranks, and put together."""

import numpy as np
from _mpiexec import mpiexec
from mpi4py import MPI

LENGTH = 10_000_000


def main():
    comm = MPI.COMM_WORLD
    sizes = [LENGTH // comm.size] * comm.size
    sizes[-1] += LENGTH % comm.size

    array = np.ones(LENGTH) if comm.rank == 0 else None
    part = np.empty(sizes[comm.rank])
    comm.Scatterv([array, sizes], part, root=0)
    part *= comm.rank + 1
    comm.Gatherv(part, [array, sizes], root=0)

    factor = np.empty(1)
    if comm.rank == 0:
        print("MB:", array.nbytes // 10**6)
        print("by rank:", np.unique_counts(array).counts)
        factor[0] = array.max()
    comm.Bcast(factor, root=0)
    parts = comm.gather((part / factor).max(), root=0)
    if comm.rank == 0:
        print("greatest, divided by Bcast:", np.round(parts, 2))


if __name__ == "__main__":
    mpiexec(main)
