# /// script
# dependencies = ["mpi4py", "mpich", "numpy"]
# ///
"""What becomes of an array in a buffer of another kind or size."""

import numpy as np
from _mpiexec import mpiexec
from mpi4py import MPI

comm = MPI.COMM_WORLD
BUFFERS = {
    "float64, 3": np.zeros(3),
    "float64, 4": np.zeros(4),
    "float64, 2": np.zeros(2),
    "int64, 3": np.zeros(3, "i8"),
    "float32, 6": np.zeros(6, "f4"),
}


def receive(name, buffer):
    status = MPI.Status()
    try:
        comm.Recv(buffer, source=0, status=status)
    except MPI.Exception as error:
        print(f"{name}:", str(error).partition(", error stack")[0])
    else:
        count = status.Get_count(MPI.BYTE)
        print(f"{name}: {buffer}, bytes received: {count}")


def main():
    for name, buffer in BUFFERS.items():
        if comm.rank == 0:
            comm.Send(np.array([1.0, 2.0, 3.0]), dest=1)
        elif comm.rank == 1:
            receive(name, buffer)


if __name__ == "__main__":
    mpiexec(main)
