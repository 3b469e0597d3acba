# /// script
# dependencies = ["mpi4py", "mpich"]
# ///
"""Rank 0 hands out jobs; a result asks for the next job."""

import sys

from _mpiexec import mpiexec
from mpi4py import MPI

JOB, STOP, READY, DONE, FAILED = range(5)  # tags
comm = MPI.COMM_WORLD


def hand_out(jobs):
    status, workers = MPI.Status(), comm.size - 1
    done, failed = {}, {}
    while workers:
        job, result = comm.recv(status=status)
        if status.tag == DONE:
            done[job] = result
        elif status.tag == FAILED:
            failed[job] = result
        job, tag = (jobs.pop(0), JOB) if jobs else (None, STOP)
        comm.send(job, dest=status.source, tag=tag)
        workers -= tag == STOP
    print("done:", sorted(done.items()), "failed:", failed)
    return failed or jobs  # which are left if there is no worker


def work():
    status = MPI.Status()
    comm.send((None, None), dest=0, tag=READY)
    while True:
        job = comm.recv(source=0, status=status)
        if status.tag == STOP:
            return
        try:
            comm.send((job, 60 // job), dest=0, tag=DONE)
        except ZeroDivisionError:
            comm.send((job, "no division"), dest=0, tag=FAILED)


def main():
    missing = work() if comm.rank else hand_out([5, 0, 2, 3])
    MPI.Finalize()  # all have come here: an error ends nobody else
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    mpiexec(main)
