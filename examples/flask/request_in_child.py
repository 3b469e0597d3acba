# /// script
# dependencies = ["flask"]
# ///
"""A process that is started in a request uses the request."""

from multiprocessing import Process, SimpleQueue

from flask import Flask, request

app = Flask(__name__)


def report(queue, passed):
    try:
        name = request.args["name"]
    except RuntimeError as error:
        name = str(error).splitlines()[0]
    queue.put(f"passed: {passed}; from request: {name}")


@app.get("/")
def start():
    queue = SimpleQueue()
    name = request.args["name"]
    worker = Process(target=report, args=[queue, name])
    worker.start()
    answer = queue.get()
    worker.join()
    return answer


def main():
    print(app.test_client().get("/?name=north").text)


if __name__ == "__main__":
    main()
