# /// script
# dependencies = ["mpi4py", "mpich"]
# ///
"""Ranks merge their parts of a dictionary; each has a copy."""

from _mpiexec import mpiexec
from mpi4py import MPI


def main():
    comm = MPI.COMM_WORLD

    settings = {"unit": "m"} if comm.rank == 0 else None
    settings = comm.bcast(settings, root=0)

    found = {f"sensor {comm.rank}": 10 * comm.rank}
    together = {}
    for part in comm.allgather(found):
        together |= part

    if comm.rank == 1:
        settings["unit"] = "km"  # in the copy of rank 1
    units = comm.gather(settings["unit"], root=0)
    if comm.rank == 0:
        print("all have:", together)
        print("unit in each rank:", units)


if __name__ == "__main__":
    mpiexec(main)
