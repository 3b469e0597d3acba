# /// script
# dependencies = ["mpi4py", "mpich", "numpy"]
# ///
"""The ranks of one host work in the same 80 MB."""

import numpy as np
from _mpiexec import mpiexec
from mpi4py import MPI

LENGTH = 10_000_000


def main():
    comm = MPI.COMM_WORLD
    host = comm.Split_type(MPI.COMM_TYPE_SHARED)
    size = 8 * LENGTH if host.rank == 0 else 0
    window = MPI.Win.Allocate_shared(size, 8, comm=host)
    memory, _ = window.Shared_query(0)
    array = np.frombuffer(memory, "f8")

    window.Fence()
    array[host.rank :: host.size] = host.rank  # each its own part
    window.Fence()  # now each sees what the others have written

    sums = comm.gather(int(array.sum()), root=0)
    if comm.rank == 0:
        print("ranks on this host:", host.size)
        print("MB:", array.nbytes // 10**6, "- first:", array[:6])
        print("sum in each rank:", sums)
    window.Free()  # from here on, `array` must not be used


if __name__ == "__main__":
    mpiexec(main)
