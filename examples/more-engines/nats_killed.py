# /// script
# dependencies = ["nats-py"]
# [tool.examples]
# commands = ["nats-server"]
# ///
"""NATS keeps a job when the server or the worker is killed."""

import asyncio
import signal
from multiprocessing import Process

import nats
from _engines import nats_server, own_folder

LATE = nats.js.api.ConsumerConfig(ack_wait=2)  # seconds


async def send(url):
    async with await nats.connect(url) as client:
        await client.jetstream().add_stream(name="jobs")
        await client.jetstream().publish("jobs", b"bill")


async def work(url, killed=False):
    async with await nats.connect(url) as client:
        stream = client.jetstream()
        jobs = await stream.pull_subscribe("jobs", "all", config=LATE)
        (job,) = await jobs.fetch(1, timeout=60)
        if killed:
            signal.raise_signal(signal.SIGKILL)
        await job.ack_sync()
        print(job.data, "is delivery", job.metadata.num_delivered)


def run(*args):
    asyncio.run(work(*args))


def main():
    with own_folder() as folder:
        with nats_server(folder) as (url, server):
            asyncio.run(send(url))
            server.kill()
        with nats_server(folder) as (url, _):
            worker = Process(target=run, args=[url, True])
            worker.start()
            worker.join()
            print("worker has ended:", worker.exitcode)
            run(url)


if __name__ == "__main__":
    main()
