"""What each process of a run did, step by step, and which steps had to come before.

A lane is a process, or one of its further threads, such as the feeder thread of a Queue. A step
is after another one of its lane, and after those of other lanes that let it happen: a message is
received after it was sent, a lock is acquired after it was released. Steps that nothing puts into
an order have none.
"""

import re
import signal
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from examples._trace.events import Event
from examples._trace.naming import names_at

STARTED_BY = re.compile(r"^(?:ForkServer|Fork|Spawn)(?=\w*(?:Process|Worker)-)")
ENDLESS = 2**31 - 1  # a maxsize that is none, on any system at least
UNKNOWN = Event("made", 0, 0, 0, {})
TASKS = "runs tasks"  # what a worker of a pool or executor does
LATE = 2_000_000_000  # nanoseconds by which a busy machine may be late to tell of a signal


@dataclass(eq=False)
class Step:
    """One thing that a lane did."""

    lane: "Lane"
    words: str
    time: int
    """Nanoseconds; when it was done."""
    began: int
    """When it began to wait for it."""
    after: list["Step"] = field(default_factory=list)
    """Steps of other lanes that let it happen."""
    held_up: "Lane | None" = None
    """The lane for which it still waits at the end."""
    waits: bool = False
    """Whether it is not done at the end."""
    number: int = 0
    """Its place in the order, from 1."""

    @property
    def endless(self) -> bool:
        """Whether it is the last that is known of its lane, which did not end."""
        return self.waits or self.words == "still runs"


@dataclass(eq=False)
class Lane:
    """A process, or one of its further threads."""

    name: str
    runs: str = ""
    """The function that it runs, and what else is told of it once."""
    steps: list[Step] = field(default_factory=list)
    process: int = 0
    """The process id, which tells further lanes of it."""
    thread: int = 0
    feeds: bool = False
    """Whether it is the feeder thread of a Queue."""


@dataclass
class Run:
    """All lanes, in the order in which they were started."""

    lanes: list[Lane]
    overflown: bool = False
    """Whether a process did so much that not all was noted."""

    @property
    def steps(self) -> list[Step]:
        """All steps, in an order that is possible."""
        return sorted((s for lane in self.lanes for s in lane.steps), key=lambda s: s.number)


def read_run(events: list[Event], how: bool = False) -> Run:
    """The steps of a run. With `how`, they tell by which start method a process was started."""
    return Reader(events, how).run()


def first(events: list[Event], wanted: Callable[[Event], bool]) -> int:
    """The place of the first event that is wanted, or the end."""
    return next((n for n, one in enumerate(events) if wanted(one)), len(events))


def what_runs(start: Event) -> str:
    """What a process runs, by the event of its start."""
    if start["f"] == "_run_server":
        return "runs the server"
    if start["f"] == "_process_worker" or "PoolWorker-" in start["n"]:
        return TASKS
    return f"runs {start['f']}()"


class Reader:
    """Goes through the events once, in the order in which they were written."""

    def __init__(self, events: list[Event], how: bool) -> None:
        stop = first(events, lambda one: one.name == "stopped")
        if stop < len(events):  # Ctrl-C reaches the program as well, perhaps before the command
            since = events[stop].time - LATE
            interrupted = first(
                events, lambda one: one["x"] == "KeyboardInterrupt" and one.time >= since
            )
            stop = min(stop, interrupted)
        self.last_time = max((event.time for event in events[: stop + 1]), default=0)
        events = events[:stop]
        methods = {event["m"] for event in events if event.name == "start"}
        self.events, self.how = events, how or len(methods) > 1
        self.lanes: dict[tuple[int, int], Lane] = {}
        self.open: dict[tuple[int, int], tuple[Event, Step | None]] = {}
        self.made: dict[str, Event] = {}
        self.names: dict[str, str] = {}
        self.feeders: dict[tuple[int, int], str] = {}
        self.sent: dict[int, list[Step | None]] = defaultdict(list)
        self.received: dict[int, int] = defaultdict(int)
        self.came: dict[tuple[int, int], Step | None] = {}
        self.answers: dict[tuple[int, int], Step] = {}
        self.peers: dict[int, int] = {}
        self.put: dict[tuple[int, str], list[Step]] = defaultdict(list)
        self.fed: dict[tuple[int, int], int] = defaultdict(int)
        self.got: dict[str, int] = defaultdict(int)
        self.taken: dict[str, list[Step]] = defaultdict(list)
        self.released: dict[str, list[Step]] = defaultdict(list)
        self.holder: dict[str, Lane] = {}
        self.last: dict[tuple[str, str], Step] = {}
        self.arrived: dict[str, list[Step]] = defaultdict(list)
        self.done: dict[str, list[Step]] = defaultdict(list)
        self.starts: dict[int, Step] = {}
        self.begins: dict[int, Step] = {}
        self.ends: dict[int, Step] = {}
        self.collected: set[int] = set()
        self.pool_ended: Step | None = None
        self.signals: dict[int, Step] = {}
        self.shutdowns: dict[int, Step] = {}
        self.status: dict[int, int] = {}
        self.started: dict[int, Event] = {}
        self.last_line: dict[int, Event] = {}
        for event in events:
            if event.name == "start":
                self.started[event["c"]] = event
            elif event.name == "feeder":
                self.feeders[event.pid, event["c"]] = event["o"]
            elif event.name == "end" or (event.name == "return" and event.pid in self.last_line):
                self.last_line[event.pid] = event  # up to Python 3.12 it returns after its end
            if event.name in ("return", "seen"):
                pid = event["c"] or event.pid
                self.status[pid] = event["r"]
        self.main = events[0].pid if events else 0

    def run(self) -> Run:
        """Read all, and put the steps into an order."""
        handlers: dict[str, Callable[[Event], None]] = {
            name.removeprefix("on_"): getattr(self, name) for name in dir(self) if name[:3] == "on_"
        }
        for event in self.events:
            name, mark = event.name.rstrip(".!"), event.name[-1:]
            if mark == ".":
                name += "_done"
            elif mark == "!":
                name += "_failed"
            if handler := handlers.get(name):
                handler(event)
            key = event.pid, event.thread
            if mark in ".!" and name != "out_done":
                self.open.pop(key, None)
        for pid, begin in self.begins.items():
            if start := self.starts.get(pid):
                begin.lane.steps[0].after.append(start)
        for pid, end in self.ends.items():
            by = self.signals.get(pid)
            if by and self.status.get(pid, 0) < 0 and by.lane is not end.lane:
                end.after.append(by)
        for pid, step in self.shutdowns.items():
            if pid in self.ends:
                self.ends[pid].after.append(step)
        self.finish()
        lanes = self.sorted_lanes()
        number(lanes)
        return Run(lanes, any(event.name == "too many" for event in self.events))

    def finish(self) -> None:
        """Add what is not done at the end."""
        last = self.last_time
        for (pid, _), (event, step) in self.open.items():
            if pid in self.ends:
                continue
            words, holder = self.waiting(event)
            lane = self.lane(event)
            if step is None or step is not lane.steps[-1]:
                step = self.add(event, words)
            step.words, step.waits, step.time = words, True, last
            step.held_up = holder if holder is not lane else None
        for (pid, thread), lane in self.lanes.items():
            if not thread and pid not in self.ends and not lane.steps[-1].waits:
                lane.steps.append(Step(lane, "still runs", last, last))

    def waiting(self, event: Event) -> tuple[str, Lane | None]:
        """What a call waits for that has not ended, and the lane that would have to go on."""
        what = self.name(event["o"])
        match event.name:
            case "lock":
                return f"still waits for {what}", self.holder.get(event["o"])
            case "join":
                child = self.lanes.get((event["c"], 0))
                return f"still waits for {child.name if child else 'a process'} to end", child
            case "flush":
                feeder = self.lanes.get((event.pid, event["c"]))
                return "still waits for its feeder thread", feeder
            case "out":
                made = self.made.get(self.feeders.get((event.pid, event.thread), ""), UNKNOWN)
                maker = self.lanes.get((made.pid, 0))
                return "still waits until the full pipe is read", maker
            case "get":
                return f"still waits for an item of {what}", None
            case "put":
                return f"still waits for room in {what}", None
            case "send":
                return "still waits until the message that it sends is read", None
            case "receive":
                return "still waits for a message", None
            case "until":
                return f"still waits until {what} is set", None
            case "wait":
                return f"still waits for a notify of {what}", None
            case "test":
                return "still waits until its predicate is true", None
            case "notify":
                return f"still waits in notify() of {what}", None
            case "barrier":
                return f"still waits at {what}", None
            case "tasks":
                return f"still waits for the tasks of {what}", None
            case "result":
                return "still waits for a result", None
            case "call":
                return "still waits for an answer", None
        return "still waits for the workers to end", None

    def sorted_lanes(self) -> list[Lane]:
        """Each process after the one that started it, with its threads behind it."""
        found: list[Lane] = []

        def add(pid: int) -> None:
            found.extend(lane for (its, _), lane in self.lanes.items() if its == pid)
            for child, start in self.started.items():
                if start.pid == pid and (child, 0) in self.lanes and child != pid:
                    add(child)

        add(self.main)
        return found + [lane for lane in self.lanes.values() if lane not in found]

    def lane(self, event: Event) -> Lane:
        """That of an event; made with the first."""
        key = event.pid, event.thread
        if key not in self.lanes:
            if key in self.feeders:
                name = f"{self.process(event.pid)}, feeder of {self.name(self.feeders[key])}"
                self.lanes[key] = Lane(name, feeds=True)
            elif event.thread:
                self.lane(Event("", 0, event.pid, 0, {}))
                others = sum(pid == event.pid and thread > 0 for pid, thread in self.lanes)
                self.lanes[key] = Lane(f"{self.process(event.pid)}, thread {others + 1}")
            else:
                start = self.started.get(event.pid)
                self.lanes[key] = Lane(self.process(event.pid), what_runs(start) if start else "")
            self.lanes[key].process, self.lanes[key].thread = key
        return self.lanes[key]

    def process(self, pid: int) -> str:
        """What a process is called."""
        if pid == self.main:
            return "main program"
        if start := self.started.get(pid):
            return STARTED_BY.sub("", start["n"])
        return "another process"

    def name(self, key: str) -> str:
        """What an object is called."""
        return self.names.get(key, "a lock" if key else "it")

    def add(self, event: Event, words: str, after: list[Step | None] | None = None) -> Step:
        """Add a step to the lane of an event; `after` is what let it happen."""
        lane = self.lane(event)
        begin = self.open.get((event.pid, event.thread))
        began = begin[0].time if begin and event.name[-1] in ".!" else event.time
        others = [step for step in after or [] if step and step.lane is not lane]
        step = Step(lane, words, event.time, began, others)
        lane.steps.append(step)
        return step

    def begin(self, event: Event, step: Step | None = None) -> None:
        """Note that a call has begun."""
        self.open[event.pid, event.thread] = event, step

    # What each event means.

    def on_begin(self, event: Event) -> None:
        self.begins[event.pid] = self.add(event, "begins")

    def on_import(self, event: Event) -> None:
        started = self.started.get(event.pid, UNKNOWN)
        if self.how and started["m"] == "spawn":  # the fork server may do it for its children
            self.add(event, "imports the program again")

    def on_start(self, event: Event) -> None:
        how = f" by {event['m']}" if self.how else ""
        lane_name = STARTED_BY.sub("", event["n"])
        self.starts[event["c"]] = self.add(event, f"starts {lane_name}{how}")

    def on_return(self, event: Event) -> None:
        self.end(event)

    def on_end(self, event: Event) -> None:
        self.end(event)

    def end(self, event: Event) -> None:
        if self.last_line.get(event.pid) is event:
            status = self.status.get(event.pid, 0)
            words = f"ends with exit status {status}" if status > 0 else "ends"
            if status < 0:
                words = f"is killed by {signal.Signals(-status).name}"
            fed = [
                lane.steps[-1] for lane in self.lanes.values()
                if lane.process == event.pid and lane.thread and lane.feeds
            ]  # fmt: skip
            workers = self.ends_of_workers() if event.pid == self.main else []
            self.ends[event.pid] = self.add(event, words, [*fed, *workers, self.let_end(event)])

    def let_end(self, event: Event) -> Step | None:
        """What let a worker of a pool end, and no other process."""
        return self.pool_ended if self.lane(event).runs == TASKS else None

    def on_seen(self, event: Event) -> None:
        pid, status = event["c"], event["r"]
        if pid in self.last_line or (pid, 0) not in self.lanes:
            return
        words = f"ends at once with exit status {status}"
        if status < 0:
            words = f"is killed by {signal.Signals(-status).name}"
        self.open.pop((pid, 0), None)
        seen = Event("seen", event.time, pid, 0, {})
        self.ends[pid] = self.add(seen, words, [self.let_end(seen)])

    def on_signal(self, event: Event) -> None:
        verb = {"kill": "kills", "terminate": "terminates"}[event["i"]]
        self.signals[event["c"]] = self.add(event, f"{verb} {self.process(event['c'])}")

    def on_join(self, event: Event) -> None:
        self.begin(event)

    def on_join_done(self, event: Event) -> None:
        end = self.ends.get(event["c"])
        self.add(event, f"joins {self.process(event['c'])}", [end])

    def on_join_failed(self, event: Event) -> None:
        self.add(event, f"stops waiting for {self.process(event['c'])}")

    def on_made(self, event: Event) -> None:
        kind = event["k"]
        if event["o"].startswith("job "):
            self.on_submit(event)
            return
        names = names_at(event["at"], kind)
        if kind == "Pipe":
            one, other = int(event["o"]), event["c"]
            self.peers |= {one: other, other: one}
            for number in one, other:
                self.sent.pop(number, None)
                self.received.pop(number, None)
            return
        if event["c"]:
            self.sent.pop(event["c"], None)
            self.received.pop(event["c"], None)
        key = event["o"]
        told_apart = names != names_at(event["at"])  # by their kinds
        same = [
            m for m in self.made.values()
            if m["at"] == event["at"] != "" and (m["k"] == kind or not told_apart)
        ]  # fmt: skip
        self.made[key] = event
        for state in self.got, self.released, self.arrived, self.taken:
            state.pop(key, None)
        base = names[len(same) % len(names)] if names else kind.lower()
        taken = set(self.names.values())
        others = (f"{base} {number}" for number in count(2))
        unique = base if base not in taken else next(n for n in others if n not in taken)
        self.names[key] = unique
        if event["l"]:
            self.names.setdefault(event["l"], unique)
        if kind == "SharedMemory":
            self.last["create", key] = self.add(event, f"creates {unique}")

    def on_put(self, event: Event) -> None:
        queue = event["o"]
        step = self.add(event, f"puts {event['i']} into {self.name(queue)}")
        self.put[event.pid, queue].append(step)
        size = self.made.get(queue, UNKNOWN)["v"] or ENDLESS
        puts = sum(len(v) for (_, q), v in self.put.items() if q == queue)
        if puts > size and len(self.taken[queue]) >= puts - size:
            step.after.append(self.taken[queue][puts - size - 1])
        self.begin(event, step)

    def on_put_failed(self, event: Event) -> None:
        step = self.put[event.pid, event["o"]].pop()
        step.words = f"cannot put into {self.name(event['o'])}: {event['x']}"

    def on_send(self, event: Event) -> None:
        self.begin(event, self.add(event, f"sends {event['i']}"))

    def on_send_failed(self, event: Event) -> None:
        self.add(event, f"cannot send: {event['x']}")

    def on_out(self, event: Event) -> None:
        key = event.pid, event.thread
        step = self.open[key][1] if key in self.open else None
        if puts := self.put.get((event.pid, self.feeders.get(key, ""))):
            number = self.fed[key]
            self.fed[key] += 1
            put = puts[number] if number < len(puts) else None
            item = put.words.partition(" into ")[0].removeprefix("puts ") if put else "an item"
            step = self.add(event, f"sends {item}", [put])
            self.begin(event, step)
        self.sent[event["c"]].append(step)

    def on_out_done(self, event: Event) -> None:
        key = event.pid, event.thread
        if key in self.feeders:
            self.open.pop(key, None)

    def on_unsent(self, event: Event) -> None:
        key = event.pid, event.thread
        puts, number = self.put[event.pid, self.feeders.get(key, "")], self.fed[key]
        self.fed[key] += 1
        put = puts[number] if number < len(puts) else None
        item = put.words.partition(" into ")[0].removeprefix("puts ") if put else "an item"
        self.add(event, f"cannot send {item}: {event['x']}", [put])

    def on_shutdown(self, event: Event) -> None:
        self.shutdowns[event["c"]] = self.add(event, f"shuts {self.process(event['c'])} down")

    def on_in(self, event: Event) -> None:
        end = event["c"]
        sent, number = self.sent[self.peers.get(end, end)], self.received[end]
        self.received[end] += 1
        self.came[event.pid, event.thread] = sent[number] if number < len(sent) else None

    def on_get(self, event: Event) -> None:
        self.begin(event)

    def on_get_done(self, event: Event) -> None:
        came = self.came.pop((event.pid, event.thread), None)
        step = self.add(event, f"gets {event['i']} from {self.name(event['o'])}", [came])
        self.taken[event["o"]].append(step)

    def on_get_failed(self, event: Event) -> None:
        self.add(event, f"gets nothing from {self.name(event['o'])}: {event['x']}")

    def on_receive(self, event: Event) -> None:
        self.begin(event)

    def on_receive_done(self, event: Event) -> None:
        came = self.came.pop((event.pid, event.thread), None)
        self.add(event, f"receives {event['i']}", [came])

    def on_receive_failed(self, event: Event) -> None:
        self.add(event, f"receives no message: {event['x']}")

    def on_lock(self, event: Event) -> None:
        self.begin(event)

    def on_lock_done(self, event: Event) -> None:
        lock = event["o"]
        before = self.got[lock] - (self.made.get(lock, UNKNOWN)["v"] or 1)
        self.got[lock] += 1
        released = self.released[lock]
        after = [released[before]] if 0 <= before < len(released) else []
        self.holder[lock] = self.lane(event)
        self.add(event, f"acquires {self.name(lock)}", [*after])

    def on_again(self, event: Event) -> None:
        self.add(event, f"takes {self.name(event['o'])} again")

    def on_keep(self, event: Event) -> None:
        self.add(event, f"gives {self.name(event['o'])} back once, and holds it")

    def on_lock_failed(self, event: Event) -> None:
        self.add(event, f"does not get {self.name(event['o'])}")

    def on_release(self, event: Event) -> None:
        lock = event["o"]
        self.released[lock].append(self.add(event, f"releases {self.name(lock)}"))
        self.holder.pop(lock, None)

    def on_release_failed(self, event: Event) -> None:
        step = self.released[event["o"]].pop()
        step.words = f"cannot release {self.name(event['o'])}: {event['x']}"

    def on_read(self, event: Event) -> None:
        self.add(event, f"reads {self.name(event['o'])}: {event['i']}")

    def on_write(self, event: Event) -> None:
        self.add(event, f"writes {self.name(event['o'])}: {event['i']}")

    def on_wait(self, event: Event) -> None:
        step = self.add(event, f"waits for a notify of {self.name(event['o'])}")
        lock = self.made.get(event["o"], UNKNOWN)["l"]
        self.released[lock].append(step)
        self.holder.pop(lock, None)
        self.begin(event, step)

    def on_test(self, event: Event) -> None:
        self.on_wait(event)
        self.lane(event).steps[-1].words = "waits until its predicate is true"

    def on_test_done(self, event: Event) -> None:
        self.on_wait_done(event)

    def on_wait_done(self, event: Event) -> None:
        self.got[self.made.get(event["o"], UNKNOWN)["l"]] += 1
        woken = event["i"] not in ("False", "0", "None")
        notify = self.last.get(("notify", event["o"]))
        began, _ = self.open.get((event.pid, event.thread), (event, None))
        if not woken or (notify and notify.time < began.time):  # what was notified before is lost
            notify = None
        self.add(event, "goes on" if woken else "stops waiting for a notify", [notify])

    def on_notify(self, event: Event) -> None:
        step = self.add(event, f"notifies {self.name(event['o'])}")
        self.last["notify", event["o"]] = step
        self.begin(event, step)

    def on_set(self, event: Event) -> None:
        self.last["set", event["o"]] = self.add(event, f"sets {self.name(event['o'])}")

    def on_clear(self, event: Event) -> None:
        self.add(event, f"clears {self.name(event['o'])}")

    def on_until(self, event: Event) -> None:
        self.begin(event)

    def on_until_done(self, event: Event) -> None:
        name = self.name(event["o"])
        if event["i"] == "False":
            self.add(event, f"stops waiting for {name}")
        else:
            self.add(event, f"sees that {name} is set", [self.last.get(("set", event["o"]))])

    def on_barrier(self, event: Event) -> None:
        step = self.add(event, f"reaches {self.name(event['o'])}")
        self.arrived[event["o"]].append(step)
        self.begin(event, step)

    def on_barrier_done(self, event: Event) -> None:
        arrived = self.arrived[event["o"]]
        parties = self.made.get(event["o"], UNKNOWN)["v"] or len(arrived)
        mine = [n for n, step in enumerate(arrived) if step.lane is self.lane(event)][-1]
        first = mine // parties * parties
        self.add(event, f"passes {self.name(event['o'])}", [*arrived[first : first + parties]])

    def on_barrier_failed(self, event: Event) -> None:
        self.add(event, f"fails at {self.name(event['o'])}: {event['x']}")

    def on_abort(self, event: Event) -> None:
        self.add(event, f"aborts {self.name(event['o'])}")

    def on_reset(self, event: Event) -> None:
        self.add(event, f"resets {self.name(event['o'])}")

    def on_flush(self, event: Event) -> None:
        self.begin(event)

    def on_task(self, event: Event) -> None:
        step = self.add(event, f"marks an item of {self.name(event['o'])} as done")
        self.last["task", event["o"]] = step

    def on_tasks(self, event: Event) -> None:
        self.begin(event)

    def on_tasks_done(self, event: Event) -> None:
        last = self.last.get(("task", event["o"]))
        self.add(event, f"sees all items of {self.name(event['o'])} done", [last])

    def on_submit(self, event: Event) -> None:
        self.last["submit", event["o"]] = self.add(event, "gives work to the pool")

    def on_take(self, event: Event) -> None:
        given = self.last.get(("submit", event["o"]))
        self.add(event, f"takes the task {event['i']}", [given])

    def on_done(self, event: Event) -> None:
        words = f"is done with it{', which failed' if event['i'] else ''}"
        self.done[event["o"]].append(self.add(event, words))

    def on_result(self, event: Event) -> None:
        self.begin(event)

    def on_result_done(self, event: Event) -> None:
        self.add(event, f"gets the result {event['i']}", [*self.done[event["o"]]])

    def on_result_failed(self, event: Event) -> None:
        self.add(event, f"gets no result: {event['x']}", [*self.done[event["o"]]])

    def on_pool_close(self, event: Event) -> None:
        self.pool_ended = self.add(event, f"closes {self.name(event['o'])}")

    def on_pool_terminate(self, event: Event) -> None:
        self.pool_ended = self.add(event, f"terminates {self.name(event['o'])}")
        self.begin(event, self.pool_ended)

    def on_pool_shutdown(self, event: Event) -> None:
        self.pool_ended = self.add(event, "shuts the pool down")
        self.begin(event, self.pool_ended)

    def on_pool_join(self, event: Event) -> None:
        self.begin(event)

    def on_pool_join_done(self, event: Event) -> None:
        self.add(event, f"joins {self.name(event['o'])}", self.ends_of_workers())

    def ends_of_workers(self) -> list[Step | None]:
        """The last steps of the workers of pools that have ended since the last call."""
        ended = [pid for pid, end in self.ends.items() if end.lane.runs == TASKS]
        fresh = [self.ends[pid] for pid in ended if pid not in self.collected]
        self.collected.update(ended)
        return [*fresh]

    def on_call(self, event: Event) -> None:
        step = self.add(event, f"calls {event['i']}")
        self.last["call", event["n"]] = step
        self.begin(event, step)

    def on_serve(self, event: Event) -> None:
        if call := self.last.get(("call", event["n"])):  # of its threads, only what they serve
            served = Event(event.name, event.time, event.pid, 0, event.told)
            step = self.add(served, f"runs {event['i']}()", [call])
            self.answers[call.lane.process, call.lane.thread] = step

    def on_call_done(self, event: Event) -> None:
        answer = self.answers.pop((event.pid, event.thread), None)
        self.add(event, f"gets the answer {event['i']}", [answer])

    def on_call_failed(self, event: Event) -> None:
        answer = self.answers.pop((event.pid, event.thread), None)
        self.add(event, f"gets no answer: {event['x']}", [answer])

    def on_attach(self, event: Event) -> None:
        created = self.last.get(("create", event["o"]))
        self.add(event, f"attaches to {self.name(event['o'])}", [created])

    def on_unlink(self, event: Event) -> None:
        self.add(event, f"unlinks {self.name(event['o'])}")


def number(lanes: list[Lane]) -> None:
    """Give each step its place in one order that is possible, the same for the same steps.

    A lane goes on until it does what needs another one. What is never done comes last.
    """
    left = {id(lane): deque(lane.steps) for lane in lanes}
    done: set[int] = set()
    numbers = count(1)

    def ready(lane: Lane, last: bool) -> bool:
        step = next(iter(left[id(lane)]), None)
        if step is None or (step.endless and not last):
            return False
        return all(id(one) in done for one in step.after)

    def take(lane: Lane) -> None:
        step = left[id(lane)].popleft()
        step.number = next(numbers)
        done.add(id(step))

    while any(left.values()):
        for last in False, True:
            if able := next((lane for lane in lanes if ready(lane, last)), None):
                take(able)
                while ready(able, False) and not left[id(able)][0].after:
                    take(able)
                break
        else:  # what was noted is in no order: the first goes first
            take(next(lane for lane in lanes if left[id(lane)]))
