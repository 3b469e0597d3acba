# /// script
# dependencies = ["mpi4py", "mpich"]
# ///
"""Rank 0 hands out jobs; a result asks for the next job."""

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
    return done, failed


def work():
    status = MPI.Status()
    comm.send((None, None), dest=0, tag=READY)
    while True:
        job = comm.recv(source=0, status=status)
        if status.tag == STOP:
            return
        try:
            comm.send((job, 60 // job), dest=0, tag=DONE)
        except ZeroDivisionError as error:
            comm.send((job, str(error)), dest=0, tag=FAILED)


def main():
    if comm.rank:
        return work()
    done, failed = hand_out([5, 0, 2, 3])
    print("done:", sorted(done.items()))
    raise SystemExit(f"failed: {failed}" if failed else 0)


if __name__ == "__main__":
    mpiexec(main)
