# /// script
# dependencies = ["mpi4py", "mpich"]
# ///
"""Each rank starts a pool; its workers do not import MPI."""

from multiprocessing import Pool

from _mpiexec import mpiexec


def square(number):
    return number**2


def main():
    from mpi4py import MPI  # here, so that no worker does it

    comm = MPI.COMM_WORLD
    mine = range(comm.rank, 9, comm.size)
    with Pool(2) as pool:
        squares = pool.map(square, mine)
    everything = comm.gather(squares, root=0)
    if comm.rank == 0:
        print(everything)


if __name__ == "__main__":
    mpiexec(main)
