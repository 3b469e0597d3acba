# /// script
# dependencies = ["ray"]
# ///
"""Workers are killed: what runs again, and what is lost."""

import os
import signal

import _cluster
import ray


@ray.remote
def work(log):
    with open(log, "a") as file:
        file.write("x")
    if os.path.getsize(log) == 1:  # after the work, before its end
        os.kill(os.getpid(), signal.SIGKILL)
    return os.path.getsize(log)


@ray.remote
class Counter:
    n = 0

    def add(self, fatal=0):
        self.n += 1
        if self.n == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.n


def main():
    with _cluster.cluster() as folder:
        print("times:", ray.get(work.remote(f"{folder}/a")))
        again = {"max_restarts": 1, "max_task_retries": 1}
        for options in {}, again:
            counter = Counter.options(**options).remote()
            try:
                calls = (counter.add.remote(n) for n in (0, 0, 3))
                print(f"{options}:", [ray.get(call) for call in calls])
            except ray.exceptions.ActorDiedError as error:
                print(f"{options}:", str(error).splitlines()[0])
        try:
            ray.get(work.options(max_retries=0).remote(f"{folder}/b"))
        except ray.exceptions.WorkerCrashedError as error:
            print(str(error).split(". ")[0])


if __name__ == "__main__":
    main()
