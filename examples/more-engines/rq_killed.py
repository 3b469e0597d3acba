# /// script
# dependencies = ["redis", "rq"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""The process of an RQ job is killed, with and without a retry."""

import signal
import warnings
from multiprocessing import Process

from _engines import own_folder, redis_server
from redis import Redis
from rq import Queue, Retry, Worker, get_current_job


def bill(customer):
    if get_current_job().connection.incr(customer) == 1:
        signal.raise_signal(signal.SIGKILL)  # as if out of memory
    return "sent"


def work(socket):
    warnings.simplefilter("ignore")  # RQ has a thread when it forks
    with Redis(unix_socket_path=socket) as redis:
        worker = Worker(["bills"], connection=redis)
        worker.work(burst=True, logging_level="CRITICAL")


def main():
    with own_folder() as folder, redis_server(folder) as (socket, _):
        with Redis(unix_socket_path=socket) as redis:
            queue = Queue("bills", connection=redis)
            for name, retry in ("once", None), ("again", Retry(1)):
                queue.enqueue("rq_killed.bill", name, retry=retry)
            jobs = queue.jobs
            worker = Process(target=work, args=[socket])
            worker.start()
            worker.join()
            print("worker has ended:", worker.exitcode)
            for job in jobs:
                runs = redis.get(*job.args)
                print(*job.args, runs, job.get_status().value)
                result = job.latest_result()
                print(result.return_value or result.exc_string)


if __name__ == "__main__":
    main()
