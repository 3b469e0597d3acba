"""The functions that a program hands to other processes, and what it sends with them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.task import Task
from examples._checker.tree import argument_of, keyword_of, written
from examples._checker.values import DEPTH, Element, Values


class Tasks(Values):
    """A program, and its tasks."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.tasks: list[Task] = []
        for _ in range(2):  # the second time, the parameters of tasks are known
            self._given.clear()
            self.tasks = list(self._find_tasks())
            self._known_values.clear()
            self._known_kinds.clear()

    def run_by(self, process: ast.AST | None) -> list[ast.AST]:
        """The functions that an expression, if it is a Process, runs in its process."""
        found: list[ast.AST] = []
        if process is None:
            return found
        for value in self.values(process):
            if isinstance(value, ast.Call) and not self._is_made_after(value, process):
                found += [task.target for task in self.tasks if task.call is value and task.target]
                for owner in self.values(value.func):
                    if isinstance(owner, ast.ClassDef):
                        found += self._methods(owner, "run")
        return found

    def _find_tasks(self) -> Iterator[Task]:
        for call in self.calls:
            for task in self._tasks_of(call):
                for target in self.functions(task.function):
                    task.target = target
                    self._given.setdefault(id(target), []).append(task)
                yield task
        for node in self.nodes:
            if isinstance(node, ast.ClassDef) and "Process" in self.kinds_of_class(node):
                for method in self._methods(node, "run"):
                    task = Task("Process", "run", ast.Call(node.bases[0], [], []), None, [], [])
                    task.target = method
                    yield task

    def _tasks_of(self, call: ast.Call) -> Iterator[Task]:
        kinds = self._kinds_of_call(call, DEPTH)
        given = call.args
        if "Process" in kinds and self._is_plain(call):
            target = argument_of(call, "target", 1)
            arguments = argument_of(call, "args", 3)
            parts = self.parts(arguments)
            yield Task("Process", "Process", call, target, parts, [], arguments)
        if kinds & {"Pool", "Executor"}:
            at = 1 if "Pool" in kinds else 2
            first = argument_of(call, "initializer", at)
            more = argument_of(call, "initargs", at + 1)
            if first is not None:
                parts = self.parts(more)
                yield Task("initializer", "initializer", call, first, parts, [], more)
        if not isinstance(call.func, ast.Attribute):
            return
        method, owner = call.func.attr, self.kinds(call.func.value)
        function = given[0] if given else keyword_of(call, "func")
        if "Pool" in owner and method in ("apply", "apply_async"):
            arguments = argument_of(call, "args", 1)
            yield Task("pool", method, call, function, self.parts(arguments), [], arguments)
        elif "Pool" in owner and method in ("map", "map_async", "imap", "imap_unordered"):
            items = argument_of(call, "iterable", 1)
            yield Task("pool", method, call, function, [], [items] if items else [])
        elif "Pool" in owner and method in ("starmap", "starmap_async"):
            items = argument_of(call, "iterable", 1)
            rows = self._rows(items) or [[]]
            task = Task("pool", method, call, function, rows[0], [])
            task.rows = rows[1:]
            yield task
        elif "Executor" in owner and method == "submit":
            yield Task("executor", method, call, function, given[1:], [])
        elif "Executor" in owner and method == "map":
            yield Task("executor", method, call, function, [], given[1:])
        elif method == "run_in_executor" and given and "Executor" in self.kinds(given[0]):
            function = given[1] if len(given) > 1 else None
            yield Task("executor", method, call, function, given[2:], [])

    def sent(self, task: Task) -> list[tuple[ast.AST, ast.AST]]:
        """What goes along with a task, and before it the expression in the call that has it."""
        named = keyword_of(task.call, "kwargs") or keyword_of(task.call, "kwds")
        shown = [*task.arguments, *(named.values if isinstance(named, ast.Dict) else ())]
        if task.function is not None:
            shown.append(task.function)
        if task.method == "submit":
            shown += [keyword.value for keyword in task.call.keywords]
        found: list[tuple[ast.AST, ast.AST]] = [(node, node) for node in shown]
        for value in self.values(task.function):
            if isinstance(value, ast.Call) and self.resolve(value.func) == "functools.partial":
                parts = [*value.args, *(keyword.value for keyword in value.keywords)]
                found += [(value, part) for part in parts]
        for items in task.items:
            found.append((items, self._element(items)))
            for value in self.values(self._element(items)):
                if isinstance(value, (ast.Tuple, ast.List)):
                    found += [(items, part) for part in value.elts]
        return found

    def classes_sent(self, task: Task) -> list[tuple[ast.AST, ast.ClassDef]]:
        """The classes of this file whose objects go along with a task, as in `sent`."""
        found: list[tuple[ast.AST, ast.ClassDef]] = []
        if task.method == "run" and task.target is not None:
            owner = self.class_of(task.target)
            found += [(task.target, owner)] if owner else []
        for shown, node in self.sent(task):
            if isinstance(node, ast.Attribute) and self._is_bound(node):
                node = node.value
            if not isinstance(node, ast.Name) or node.id != "cls":
                owner = self._class_of_instance(node, DEPTH)
                found += [(shown, owner)] if owner else []
        return found

    def _is_bound(self, node: ast.Attribute) -> bool:
        """Whether an attribute is a method, which takes its object along."""
        return any(
            isinstance(target, ast.FunctionDef)
            and not {"staticmethod", "classmethod"}
            & {written(part) for part in target.decorator_list}
            for target in self.functions(node)
        )

    def held(self, owner: ast.ClassDef, task: Task) -> dict[str, set[str]]:
        """The attributes, and their kinds, that objects of a class have when a task is sent."""
        found: dict[str, set[str]] = {}
        if any(self._methods(owner, name) for name in ("__getstate__", "__reduce__")):
            return {}
        owners = [id(part) for part in self.derived_from(owner)]
        for (key, name), values in self._attributes.items():
            if key in owners:
                for value in values:
                    if not isinstance(value, Element) and self._is_there(value, task):
                        found.setdefault(name, set()).update(self.kinds(value))
        return found

    def _is_there(self, value: ast.AST, task: Task) -> bool:
        """Whether an attribute has this value when a task is sent."""
        where = self.function_of(value)
        if where is self.function_of(task.call):
            return where is not self.tree and self.follows(task.call, value)
        return getattr(where, "name", "") == "__init__"

    def _is_plain(self, call: ast.Call) -> bool:
        """A Process itself, not a subclass, whose arguments are its own."""
        return bool(keyword_of(call, "target")) or not any(
            isinstance(value, ast.ClassDef) for value in self.values(call.func)
        )
