# /// script
# dependencies = ["mpi4py", "mpich"]
# ///
"""A worker is killed after its job, before it says so; a second run."""

import os
import signal
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from _mpiexec import IN_A_RANK, ending
from mpi4py import MPI

LOG, TOLD = Path("log.txt"), Path("told.txt")  # told: what rank 0 has


def append(path, job):
    with path.open("a") as file:
        print(job, file=file, flush=True)


def ranks():
    comm, first_run = MPI.COMM_WORLD, not TOLD.exists()
    if comm.rank == 0:
        told = [] if first_run else TOLD.read_text().split()
        for job in sorted({"a", "b", "c"}.difference(told)):
            comm.send(job, dest=1)
            append(TOLD, comm.recv(source=1))
        comm.send(None, dest=1)
    else:
        while job := comm.recv(source=0):
            append(LOG, job)
            if job == "b" and first_run:
                os.kill(os.getpid(), signal.SIGKILL)
            comm.send(job, dest=0)


def main():
    with TemporaryDirectory() as folder, chdir(folder):
        for run in "first", "second":
            print(run, "run")
            print(ending(__file__, ranks=2))
            print("told:", TOLD.read_text().split())
        print("done:", LOG.read_text().split())


if __name__ == "__main__":
    ranks() if IN_A_RANK else main()
