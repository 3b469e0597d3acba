"""A program as the rules see it: what runs at import, in workers and in the parent.

Nothing is imported or run. `tree` has where things stand, `values` what names stand for, `tasks`
what other processes are handed. All of it runs in the browser, too, where `ast` can parse and walk,
and little else of the standard library is there.
"""

from __future__ import annotations

import ast

from examples._checker.task import Task
from examples._checker.tasks import Tasks
from examples._checker.tree import argument_of, keyword_of


class Program(Tasks):
    """What rules are given. It raises SyntaxError where Python would."""

    def __init__(self, text: str, notebook: bool = False, name: str = "") -> None:
        super().__init__(text)
        self.notebook, self.name = notebook, name
        self._reach: dict[int, dict[int, ast.AST]] = {}
        self.workers = self.reached([task.target for task in self.tasks if task.target])
        self.at_start = self.reached(self._called_at_import(), in_import=True)
        self.parents = self.reached(self._first_in_parent())

    def at_import(self, node: ast.AST) -> bool:
        """Whether a node runs while the file is imported, as each worker does it again."""
        function = self.function_of(node)
        if self.guarded(node):
            return False
        if function is self.tree:
            return not self._never_run(node)
        return id(function) in self.at_start

    def _never_run(self, node: ast.AST) -> bool:
        return any(
            isinstance(above, ast.If) and self.resolve(above.test).endswith("TYPE_CHECKING")
            for above in self.ancestors(node)
        )

    def _called_at_import(self) -> list[ast.AST]:
        return [
            target
            for call in self.calls
            if self.function_of(call) is self.tree and not self.guarded(call)
            for target in self.functions(call.func)
        ]

    def _first_in_parent(self) -> list[ast.AST]:
        """What the module calls, and the functions that start processes."""
        found = [self.function_of(call) for task in self.tasks for call in self.calls_of(task)]
        for call in self.calls:
            if self.function_of(call) is self.tree:
                found += self.functions(call.func)
        return [function for function in found if function is not self.tree]

    def in_worker(self, node: ast.AST) -> bool:
        """Whether a node runs in a process that this program starts."""
        return id(self.function_of(node)) in self.workers

    def several(self, task: Task) -> bool:
        """Whether a task may run in several processes at the same time."""
        if task.method == "run":
            made = self.calls_of(task)
            return len(made) > 1 or any(self._repeated(call) for call in made)
        if task.method == "Process":
            return self._repeated(task.call)
        if task.method == "apply" or self._is_for_one(task):
            return False
        return task.method not in ("apply_async", "submit") or self._repeated(task.call)

    def _repeated(self, call: ast.Call) -> bool:
        """Whether a loop makes a call again before what it has started is waited for."""
        loop = self.in_loop(call)
        waits = ("join", "result", "get", "wait")
        return loop is not None and not any(
            isinstance(part, ast.Attribute)
            and part.attr in waits
            and self.in_loop(part) is loop
            and self.kinds(part.value) & {"Process", "Future", "AsyncResult"}
            for part in self.inside(loop, ast.Attribute)
        )

    def _is_for_one(self, task: Task) -> bool:
        """Whether the pool or executor of a task has one worker."""
        pools: list[ast.AST] = [task.call]
        if task.method != "initializer" and isinstance(task.call.func, ast.Attribute):
            pools = self.values(task.call.func.value)
        numbers = [
            argument_of(pool, "processes", 0) or keyword_of(pool, "max_workers")
            for pool in pools
            if isinstance(pool, ast.Call)
        ]
        return any(isinstance(part, ast.Constant) and part.value == 1 for part in numbers)

    def tasks_at(self, node: ast.AST) -> list[Task]:
        """The tasks that run a node, directly or through functions that they call."""
        function = id(self.function_of(node))
        return [task for task in self.tasks if task.target and function in self.reach(task.target)]

    def calls_of(self, task: Task) -> list[ast.Call]:
        """The call that hands a task over, or those that make the objects of a class of Process."""
        if task.method != "run" or task.target is None:
            return [task.call]
        owner = self.class_of(task.target)
        return [call for call in self.calls if owner in self.values(call.func)]

    def reach(self, function: ast.AST) -> dict[int, ast.AST]:
        """A function, and those of this file that it calls, directly or not."""
        if id(function) not in self._reach:
            self._reach[id(function)] = self.reached([function])
        return self._reach[id(function)]

    def in_several(self, node: ast.AST) -> bool:
        """Whether a node may run in several processes at the same time."""
        tasks = self.tasks_at(node)
        at_once = [task for task in tasks if task.method != "apply"]
        return len(at_once) > 1 or any(self.several(task) for task in at_once)

    def in_parent(self, node: ast.AST) -> bool:
        """Whether a node runs in the process that starts the others, and in no worker."""
        function = self.function_of(node)
        return id(function) not in self.workers and (
            function is self.tree or id(function) in self.parents
        )

    def comes_after(self, later: ast.AST, earlier: ast.AST) -> bool:
        """Like `follows`, also if one function calls the other, or a third calls both."""
        for where in {id(part): part for part in (self.tree, *self.parents.values())}.values():
            first, second = self._moments(earlier, where), self._moments(later, where)
            if any(self.follows(two, one) for one in first for two in second):
                return True
        return False

    def _moments(self, node: ast.AST, where: ast.AST) -> list[ast.AST]:
        """A node, if a function runs it itself, or the calls by which the function comes to it."""
        function = self.function_of(node)
        if function is where:
            return [node]
        return [
            call
            for call in self.own(where, ast.Call)
            if isinstance(call, ast.Call)
            and any(id(function) in self.reach(called) for called in self.functions(call.func))
        ]

    def start_methods(self) -> set[str]:
        """The start methods that the program names itself; empty if it leaves them to Python."""
        found: set[str] = set()
        for call in self.calls:
            name = self.resolve(call.func)
            if name in ("multiprocessing.set_start_method", "multiprocessing.get_context"):
                given = argument_of(call, "method", 0)
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    found.add(given.value)
                elif given is not None:
                    found |= {"fork", "forkserver", "spawn"}
        return found
