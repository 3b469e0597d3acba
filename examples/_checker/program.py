"""A program as the rules see it: its tree, and what runs at import, in workers and where.

Nothing is imported or run. What a name stands for is told as far as the file itself says so:
`kinds` leaves out what it cannot tell, so a rule asks for what it knows, never for what it misses.
It runs in the browser, too, where `ast` can parse and walk, and little else of the standard library
is there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from examples._checker.names import CALLS, CONSTRUCTORS, ELEMENTS, IMPORTED, METHODS

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)
MEMORY = {"Array", "RawArray", "SharedMemory", "managed.SharedMemory"}
DEPTH = 6  # names of names are followed so far


class Task:
    """A function that is handed to another process.

    `how` is "Process", "pool", "executor" or "initializer"; `method` the name of what was called
    to hand it over; `function` the expression; `target` the function or lambda that it is, if the
    file has it; `arguments` the expressions that it gets one by one, and `items` those of which it
    gets one item a call. `given` is the expression of all arguments, `args=` or `initargs=`.
    """

    def __init__(
        self,
        how: str,
        method: str,
        call: ast.Call,
        function: ast.expr | None,
        arguments: list[ast.expr],
        items: list[ast.expr],
        given: ast.expr | None = None,
    ) -> None:
        self.how, self.method, self.call = how, method, call
        self.function, self.arguments, self.items = function, arguments, items
        self.given = given
        self.target: ast.AST | None = None


class Program:
    """A file, parsed. It raises SyntaxError where Python would.

    `name` is the name of the file, if it has one, without folder and suffix.
    """

    def __init__(self, text: str, notebook: bool = False, name: str = "") -> None:
        self.text, self.notebook, self.name = text, notebook, name
        self.tree = ast.parse(text)
        self.nodes: list[ast.AST] = []
        self._parents: dict[int, ast.AST] = {}
        self._spans: dict[int, tuple[int, int]] = {}
        self._functions_of: dict[int, ast.AST] = {}
        self._list(self.tree)
        self.calls = [node for node in self.nodes if isinstance(node, ast.Call)]
        self.imports: dict[str, str] = {}
        self._stars: list[str] = []
        self._bound: dict[tuple[int, str], list[ast.AST]] = {}
        self._attributes: dict[tuple[int, str], list[ast.AST]] = {}
        self._globals: dict[int, set[str]] = {}
        self._known_values: dict[tuple[int, int], list[ast.AST]] = {}
        self._known_kinds: dict[tuple[int, int], set[str]] = {}
        self._elements_of: dict[int, Element] = {}
        self._reach: dict[int, dict[int, ast.AST]] = {}
        self._bind()
        self.tasks: list[Task] = []
        self._given: dict[int, list[Task]] = {}
        self._called: dict[int, list[ast.Call]] = {}
        for call in self.calls:
            for target in self.functions(call.func):
                self._called.setdefault(id(target), []).append(call)
        for _ in range(2):  # the second time, the parameters of tasks are known
            self._given.clear()
            self.tasks = list(self._find_tasks())
            self._known_values.clear()
            self._known_kinds.clear()
        self.workers = self.reached([task.target for task in self.tasks if task.target])
        self.at_start = self.reached(self._called_at_import())
        self.parents = self.reached(self._first_in_parent())

    # The tree

    def _list(self, node: ast.AST) -> None:
        """List a node and all that stand in it, in the order of the text."""
        start = len(self.nodes)
        self.nodes.append(node)
        for child in ast.iter_child_nodes(node):
            self._parents[id(child)] = node
            self._list(child)
        self._spans[id(node)] = (start, len(self.nodes))

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node in which this one stands."""
        return self._parents.get(id(node))

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes in which this one stands, from the inside."""
        while (above := self._parents.get(id(node))) is not None:
            yield above
            node = above

    def function_of(self, node: ast.AST) -> ast.AST:
        """The function or lambda in which a node stands, or else the module."""
        if id(node) not in self._spans:
            return self.tree
        if id(node) not in self._functions_of:
            self._functions_of[id(node)] = self._function_of(node)
        return self._functions_of[id(node)]

    def _function_of(self, node: ast.AST) -> ast.AST:
        before = node
        for above in self.ancestors(node):
            if isinstance(above, FUNCTIONS) and not self._evaluated_outside(above, before):
                return above
            before = above
        return self.tree

    def _evaluated_outside(self, function: ast.AST, child: ast.AST) -> bool:
        """Decorators and defaults belong to what is around a function."""
        return child in getattr(function, "decorator_list", ()) or isinstance(child, ast.arguments)

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """The innermost class in which a node stands."""
        for above in self.ancestors(node):
            if isinstance(above, ast.ClassDef):
                return above
        return None

    def statement_of(self, node: ast.AST) -> ast.AST:
        """The statement in which an expression stands."""
        while not hasattr(node, "lineno") or not self._is_statement(node):
            above = self.parent(node)
            if above is None:
                return node
            node = above
        return node

    def _is_statement(self, node: ast.AST) -> bool:
        above = self.parent(node)
        return above is not None and any(
            node in (getattr(above, field, None) or ())
            for field in ("body", "orelse", "finalbody", "handlers")
            if isinstance(getattr(above, field, None), list)
        )

    def inside(self, node: ast.AST, *kinds: type[ast.AST]) -> list[ast.AST]:
        """The nodes of these kinds in another one, in the order of the text, nested ones too."""
        start, end = self._spans.get(id(node), (0, 0))
        return [part for part in self.nodes[start:end] if isinstance(part, kinds)]

    def own(self, function: ast.AST, *kinds: type[ast.AST]) -> list[ast.AST]:
        """The nodes of these kinds that a function or the module runs itself."""
        return [
            node for node in self.inside(function, *kinds) if self.function_of(node) is function
        ]

    # What runs when

    def guarded(self, node: ast.AST) -> bool:
        """Whether the main guard is around a node."""
        before = node
        for above in self.ancestors(node):
            if isinstance(above, ast.If) and before is not above.test:
                if before in above.body and self._is_guard(above.test, ast.Eq):
                    return True
                if before in above.orelse and self._is_guard(above.test, ast.NotEq):
                    return True
            before = above
        return False

    def _is_guard(self, test: ast.expr, operator: type[ast.cmpop]) -> bool:
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            return any(self._is_guard(value, operator) for value in test.values)
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            return False
        if not isinstance(test.ops[0], operator):
            return False
        sides = (test.left, test.comparators[0])
        return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)

    def at_import(self, node: ast.AST) -> bool:
        """Whether a node runs while the file is imported, as each worker does it again."""
        function = self.function_of(node)
        if function is self.tree:
            return not self.guarded(node) and not self._never_run(node)
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

    def reached(self, functions: list[ast.AST]) -> dict[int, ast.AST]:
        """These functions, and those of this file that they call, directly or not."""
        found: dict[int, ast.AST] = {}
        stack = list(functions)
        while stack:
            function = stack.pop()
            if id(function) in found or isinstance(function, ast.ClassDef):
                continue
            found[id(function)] = function
            for call in self.inside(function, ast.Call):
                assert isinstance(call, ast.Call)
                stack.extend(self.functions(call.func))
        return found

    # In which order

    def follows(self, later: ast.AST, earlier: ast.AST) -> bool:
        """Whether a node may run after another one of the same function, without a loop's help."""
        if (later.lineno, later.col_offset) <= (earlier.lineno, earlier.col_offset):  # type: ignore[attr-defined]
            return False
        around = {id(above): above for above in self.ancestors(later)}
        before = earlier
        for above in self.ancestors(earlier):
            if id(above) in around:
                return not self._is_excluded(above, before, later)
            if self._ends(above, before):
                return False
            before = above
        return False

    def _ends(self, above: ast.AST, part: ast.AST) -> bool:
        """Whether the block in which a part stands ends by going elsewhere."""
        for field in ("body", "orelse"):
            block = getattr(above, field, None)
            if isinstance(block, list) and part in block and not isinstance(above, FUNCTIONS):
                return isinstance(block[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))
        return False

    def _is_excluded(self, above: ast.AST, before: ast.AST, later: ast.AST) -> bool:
        """Whether two parts of a statement are branches of which only one runs."""
        after = later
        while self.parent(after) is not above:
            after = self.parent(after)  # type: ignore[assignment]
        if isinstance(above, ast.If):
            return before in above.body and after in above.orelse
        if isinstance(above, ast.Try):
            return before in above.handlers and after in [*above.handlers, *above.orelse]
        return False

    def objects(self, node: ast.AST | None) -> set[int]:
        """What an expression may be, for comparing: the calls that have made it, by id()."""
        return {id(value) for value in self.values(node) if isinstance(value, ast.Call)}

    def named(self, function: ast.AST, name: str) -> list[ast.Name]:
        """Where a function itself uses a variable."""
        found = self.own(function, ast.Name)
        return [node for node in found if isinstance(node, ast.Name) and node.id == name]

    def method_calls(self, where: ast.AST, *methods: str) -> list[ast.Call]:
        """The calls of these methods that a function or the module makes itself."""
        calls = [call for call in self.own(where, ast.Call) if isinstance(call, ast.Call)]
        return [
            call
            for call in calls
            if isinstance(call.func, ast.Attribute) and call.func.attr in methods
        ]

    def all_functions(self) -> list[ast.AST]:
        """The module, and the functions, that call something."""
        return list({id(node): node for node in map(self.function_of, self.calls)}.values())

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

    def _is_made_after(self, made: ast.AST, use: ast.AST) -> bool:
        return self.function_of(made) is self.function_of(use) and self.follows(made, use)

    # In how many processes

    def in_loop(self, node: ast.AST) -> ast.AST | None:
        """The innermost loop or comprehension of its function that repeats a node."""
        before = node
        for above in self.ancestors(node):
            if isinstance(above, FUNCTIONS):
                return None
            if isinstance(above, (ast.For, ast.AsyncFor, ast.While)):
                if before in above.body or before is getattr(above, "test", None):
                    return above
            elif isinstance(above, (*COMPREHENSIONS, ast.DictComp)) and (
                before is not above.generators[0]
            ):
                return above
            before = above
        return None

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
            keyword_of(pool, "processes")
            or keyword_of(pool, "max_workers")
            or (pool.args[0] if pool.args else None)
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

    # What names stand for

    def _bind(self) -> None:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.split(".")[0]
                    self.imports[name] = alias.name if alias.asname else name
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    module = "." * node.level + (node.module or "")
                    if alias.name == "*":
                        self._stars.append(module)
                    self.imports[alias.asname or alias.name] = f"{module}.{alias.name}"
            elif isinstance(node, ast.Global):
                self._globals.setdefault(id(self.function_of(node)), set()).update(node.names)
        for node in self.nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._bind_target(target, node.value, node)
            elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
                if node.value is not None:
                    self._bind_target(node.target, node.value, node)
            elif isinstance(node, ast.withitem):
                if node.optional_vars is not None:
                    self._bind_target(node.optional_vars, node.context_expr, node)
            elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
                self._bind_loop(node.target, node.iter, node)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self._bind_name(node.name, node, node)

    def _element(self, value: ast.AST) -> Element:
        return self._elements_of.setdefault(id(value), Element(value))

    def _bind_target(self, target: ast.AST, value: ast.AST, where: ast.AST) -> None:
        if isinstance(target, ast.Name):
            self._bind_name(target.id, value, where)
        elif isinstance(target, ast.Attribute):
            if isinstance(target.value, ast.Name) and target.value.id in ("self", "cls"):
                owner = self.class_of(target)
                if owner is not None:
                    self._attributes.setdefault((id(owner), target.attr), []).append(value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts: list[ast.AST] = [self._element(value)] * len(target.elts)
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                parts = list(value.elts)
            for name, part in zip(target.elts, parts):
                self._bind_target(name, part, where)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            self._bind_name(f"{target.value.id}[]", value, where)

    def _bind_loop(self, target: ast.AST, iterable: ast.AST, where: ast.AST) -> None:
        if isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Name):
            name = iterable.func.id
            if name == "enumerate" and isinstance(target, ast.Tuple) and iterable.args:
                self._bind_target(target.elts[-1], self._element(iterable.args[0]), where)
                return
            if name == "zip" and isinstance(target, ast.Tuple):
                for part, given in zip(target.elts, iterable.args):
                    self._bind_target(part, self._element(given), where)
                return
        self._bind_target(target, self._element(iterable), where)

    def _bind_name(self, name: str, value: ast.AST, where: ast.AST) -> None:
        scope = self.function_of(where)
        if name.rstrip("[]") in self._globals.get(id(scope), ()):
            scope = self.tree
        elif scope is self.tree and not isinstance(where, ast.ClassDef):
            owner = self.class_of(where)
            if owner is not None:
                self._attributes.setdefault((id(owner), name), []).append(value)
                return
        self._bound.setdefault((id(scope), name), []).append(value)

    def scope_of(self, name: ast.Name) -> ast.AST | None:
        """The function, or the module, whose variable a name is; None if it is not of this file."""
        scope = self.function_of(name)
        while True:
            outside = name.id in self._globals.get(id(scope), ())
            if scope is not self.tree and not outside:
                if (id(scope), name.id) in self._bound or name.id in parameters(scope):
                    return scope
                scope = self.function_of(scope)
                continue
            return self.tree if (id(self.tree), name.id) in self._bound else None

    def resolve(self, node: ast.AST | None) -> str:
        """The dotted name of what comes from an import, `multiprocessing.Process`, or ""."""
        if isinstance(node, ast.Name):
            if self.scope_of(node) is not None and node.id not in self.imports:
                return ""
            found = self.imports.get(node.id, "") or self._from_star(node.id)
            for start, name in IMPORTED:
                if found == start or found.startswith(f"{start}."):
                    return name + found[len(start) :]
            return found or node.id
        if isinstance(node, ast.Attribute):
            if before := self.resolve(node.value):
                dotted = f"{before}.{node.attr}"
                for start, name in IMPORTED:
                    if dotted == start or dotted.startswith(f"{start}."):
                        return name + dotted[len(start) :]
                return dotted
        return ""

    def _from_star(self, name: str) -> str:
        """What a name stands for that comes from `from multiprocessing import *`."""
        found = [f"{module}.{name}" for module in self._stars]
        return next((dotted for dotted in found if dotted in CONSTRUCTORS), "")

    def values(self, node: ast.AST | None, depth: int = DEPTH) -> list[ast.AST]:
        """What an expression may stand for: itself, or what was assigned to the name that it is."""
        if node is None or depth <= 0:
            return []
        key = (id(node), depth)
        if key not in self._known_values:
            self._known_values[key] = []  # of a name that stands for itself
            self._known_values[key] = self._values(node, depth)
        return self._known_values[key]

    def _values(self, node: ast.AST, depth: int) -> list[ast.AST]:
        if isinstance(node, Element):
            return self._elements(node.value, depth - 1)
        if isinstance(node, ast.Await):
            return self.values(node.value, depth)
        if isinstance(node, ast.Name):
            scope = self.scope_of(node)
            if scope is None:
                return [node]
            found = list(self._bound.get((id(scope), node.id), ()))
            if isinstance(scope, FUNCTIONS) and node.id in parameters(scope):
                found += self._handed(scope, node.id)
            return [value for part in found for value in self.values(part, depth - 1)]
        if isinstance(node, ast.Attribute):
            owner = self._class_of_instance(node.value, depth)
            if owner is not None:
                found = list(self._attributes.get((id(owner), node.attr), ()))
                if found:
                    return [value for part in found for value in self.values(part, depth - 1)]
        if isinstance(node, ast.Subscript) and isinstance(node.slice, (ast.Constant, ast.Name)):
            found = self._elements(node.value, depth - 1)
            return found or [node]
        if isinstance(node, ast.IfExp):
            return self.values(node.body, depth) + self.values(node.orelse, depth)
        return [node]

    def owner(self, node: ast.AST) -> ast.ClassDef | None:
        """The class of this file of which an expression is an instance, or which it is."""
        for value in self.values(node):
            if isinstance(value, ast.ClassDef):
                return value
        return self._class_of_instance(node, DEPTH)

    def _class_of_instance(self, node: ast.AST, depth: int) -> ast.ClassDef | None:
        if isinstance(node, ast.Name) and node.id in ("self", "cls"):
            return self.class_of(node)
        for value in self.values(node, depth - 1):
            if isinstance(value, ast.Call):
                for made in self.values(value.func, depth - 1):
                    if isinstance(made, ast.ClassDef):
                        return made
        return None

    def _elements(self, node: ast.AST, depth: int) -> list[ast.AST]:
        """What the items of an expression may stand for."""
        found: list[ast.AST] = []
        for value in self.values(node, depth):
            if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
                for item in value.elts:
                    found += self.values(item, depth - 1)
            elif isinstance(value, COMPREHENSIONS):
                found += self.values(value.elt, depth - 1)
            elif isinstance(value, ast.DictComp):
                found += self.values(value.value, depth - 1)
            elif isinstance(value, ast.Dict):
                for item in value.values:
                    found += self.values(item, depth - 1)
            elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
                found += self._elements(value.left, depth - 1)
            elif isinstance(value, ast.Call):
                if any(kind in ELEMENTS for kind in self._kinds_of_call(value, depth - 1)):
                    found.append(self._element(value))
                elif isinstance(value.func, ast.Attribute) and value.func.attr == "values":
                    found += self._elements(value.func.value, depth - 1)
        if isinstance(node, ast.Name):
            scope = self.scope_of(node)
            for part in self._bound.get((id(scope), f"{node.id}[]"), ()):
                found += self.values(part, depth - 1)
            for call in self._added.get((id(scope), node.id), ()) if scope else ():
                found += self.values(call.args[0], depth - 1)
        return found

    @property
    def _added(self) -> dict[tuple[int, str], list[ast.Call]]:
        if not hasattr(self, "_added_to"):
            self._added_to: dict[tuple[int, str], list[ast.Call]] = {}
            for call in self.calls:
                function = call.func
                if isinstance(function, ast.Attribute) and function.attr in ("append", "add"):
                    if isinstance(function.value, ast.Name) and call.args:
                        scope = self.scope_of(function.value)
                        key = (id(scope), function.value.id)
                        self._added_to.setdefault(key, []).append(call)
        return self._added_to

    def _handed(self, function: ast.AST, name: str) -> list[ast.AST]:
        """The expressions that callers and tasks hand to a parameter of a function."""
        found: list[ast.AST] = []
        names = parameters(function)
        index = names.index(name)
        if names and names[0] in ("self", "cls"):
            index -= 1
        for call in self._called.get(id(function), ()):
            if 0 <= index < len(call.args):
                found.append(call.args[index])
            found += [keyword.value for keyword in call.keywords if keyword.arg == name]
        for task in self._given.get(id(function), ()):
            if 0 <= index < len(task.arguments):
                found.append(task.arguments[index])
            elif 0 <= index < len(task.items):
                found.append(self._element(task.items[index]))
            given = keyword_of(task.call, "kwargs")
            if isinstance(given, ast.Dict):
                for key, value in zip(given.keys, given.values):
                    if isinstance(key, ast.Constant) and key.value == name:
                        found.append(value)
        return found

    def kinds(self, node: ast.AST | None, depth: int = DEPTH) -> set[str]:
        """What an expression may be: the names on the right in `names`; empty if nothing is told."""
        if node is None or depth <= 0:
            return set()
        key = (id(node), depth)
        if key not in self._known_kinds:
            self._known_kinds[key] = set()
            self._known_kinds[key] = self._kinds(node, depth)
        return self._known_kinds[key]

    def _kinds(self, node: ast.AST, depth: int) -> set[str]:
        found: set[str] = set()
        for value in self.values(node, depth):
            if isinstance(value, ast.Call):
                found |= self._kinds_of_call(value, depth - 1)
            elif isinstance(value, Element) and isinstance(value.value, ast.Call):
                for kind in self._kinds_of_call(value.value, depth - 1):
                    if kind in ELEMENTS:
                        found.add(ELEMENTS[kind])
            elif isinstance(value, ast.Attribute):
                for kind in self.kinds(value.value, depth - 1):
                    if made := METHODS.get((kind, value.attr)):
                        found.add(made)
            elif isinstance(value, (ast.List, ast.ListComp)):
                found.add("list")
            elif isinstance(value, (ast.Dict, ast.DictComp)):
                found.add("dict")
            elif isinstance(value, (ast.Set, ast.SetComp)):
                found.add("set")
            elif isinstance(value, ast.Constant):
                found.add("constant")
            elif isinstance(value, ast.Lambda):
                found.add("lambda")
        return found

    def _kinds_of_call(self, call: ast.Call, depth: int) -> set[str]:
        if depth <= 0:
            return set()
        found: set[str] = set()
        if made := CONSTRUCTORS.get(self.resolve(call.func)):
            found.add(made)
        if isinstance(call.func, ast.Attribute):
            for kind in self.kinds(call.func.value, depth - 1):
                if kind == "Context":
                    made = CONSTRUCTORS.get(f"multiprocessing.{call.func.attr}")
                else:
                    made = CALLS.get((kind, call.func.attr))
                if made:
                    found.add(made)
        for target in self.values(call.func, depth - 1) if not found else ():
            if isinstance(target, ast.ClassDef):
                found |= self.kinds_of_class(target)
            elif isinstance(target, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for part in self.own(target, ast.Return):
                    found |= self.kinds(getattr(part, "value", None), depth - 1)
        return found

    def kinds_of_class(self, node: ast.ClassDef) -> set[str]:
        """What the instances of a class of this file are by what it is derived from."""
        bases = [base for owner in self.derived_from(node) for base in owner.bases]
        made = [CONSTRUCTORS.get(self.resolve(base)) for base in bases]
        return {kind for kind in made if kind}

    def derived_from(self, node: ast.ClassDef) -> list[ast.ClassDef]:
        """A class, and those of this file from which it is derived."""
        found: list[ast.ClassDef] = []
        stack: list[ast.AST] = [node]
        while stack:
            owner = stack.pop()
            if isinstance(owner, ast.ClassDef) and owner not in found:
                found.append(owner)
                bases = [target for base in owner.bases for target in self.values(base)]
                stack.extend(reversed(bases))
        return found

    def functions(self, node: ast.AST | None, depth: int = DEPTH) -> list[ast.AST]:
        """The functions, methods and lambdas of this file that calling an expression runs."""
        found: list[ast.AST] = []
        if isinstance(node, ast.Attribute):
            owner = self._class_of_instance(node.value, DEPTH)
            if owner is None and isinstance(node.value, ast.Name):
                found = [
                    value for value in self.values(node.value) if isinstance(value, ast.ClassDef)
                ]
                owner = found[0] if found else None  # type: ignore[assignment]
            return self._methods(owner, node.attr) if owner is not None else []
        for value in self.values(node, depth):
            if isinstance(value, FUNCTIONS):
                found.append(value)
            elif isinstance(value, ast.ClassDef):
                found += self._methods(value, "__init__")
            elif isinstance(value, ast.Attribute) and value is not node:
                found += self.functions(value, depth - 1)
            elif isinstance(value, ast.Call) and self.resolve(value.func) == "functools.partial":
                found += self.functions(value.args[0], depth - 1) if value.args else []
        return found

    def _methods(self, owner: ast.ClassDef, name: str) -> list[ast.AST]:
        for derived in self.derived_from(owner):
            for part in derived.body:
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) and part.name == name:
                    return [part]
        return []

    # Tasks

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
            target = keyword_of(call, "target") or (given[1] if len(given) > 1 else None)
            arguments = keyword_of(call, "args") or (given[3] if len(given) > 3 else None)
            parts = self.parts(arguments)
            yield Task("Process", "Process", call, target, parts, [], arguments)
        if kinds & {"Pool", "Executor"}:
            at = 1 if "Pool" in kinds else 2
            first = keyword_of(call, "initializer") or (given[at] if len(given) > at else None)
            more = keyword_of(call, "initargs")
            more = more or (given[at + 1] if len(given) > at + 1 else None)
            if first is not None:
                parts = self.parts(more)
                yield Task("initializer", "initializer", call, first, parts, [], more)
        if not isinstance(call.func, ast.Attribute):
            return
        method, owner = call.func.attr, self.kinds(call.func.value)
        function = given[0] if given else keyword_of(call, "func")
        if "Pool" in owner and method in ("apply", "apply_async"):
            arguments = keyword_of(call, "args") or (given[1] if len(given) > 1 else None)
            yield Task("pool", method, call, function, self.parts(arguments), [], arguments)
        elif "Pool" in owner and method in ("map", "map_async", "imap", "imap_unordered"):
            items = keyword_of(call, "iterable") or (given[1] if len(given) > 1 else None)
            yield Task("pool", method, call, function, [], [items] if items else [])
        elif "Pool" in owner and method in ("starmap", "starmap_async"):
            items = keyword_of(call, "iterable") or (given[1] if len(given) > 1 else None)
            row = self._row(items)
            yield Task("pool", method, call, function, row, [])
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
        owners = [owner]
        for part in owners:
            bases = [value for base in part.bases for value in self.values(base)]
            owners += [
                base for base in bases if isinstance(base, ast.ClassDef) and base not in owners
            ]
            if any(self._methods(part, name) for name in ("__getstate__", "__reduce__")):
                return {}
        for (key, name), values in self._attributes.items():
            if key in [id(part) for part in owners]:
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

    def parts(self, node: ast.AST | None) -> list[ast.expr]:
        """The expressions of a tuple or list that is written out, also under a name."""
        for value in self.values(node):
            if isinstance(value, (ast.Tuple, ast.List)):
                return list(value.elts)
        return []

    def _row(self, items: ast.AST | None) -> list[ast.expr]:
        for value in self.values(items):
            if isinstance(value, COMPREHENSIONS):
                return self.parts(value.elt)
            if isinstance(value, (ast.List, ast.Tuple)) and value.elts:
                return self.parts(value.elts[0])
        return []

    def viewed(self, node: ast.AST) -> list[ast.AST]:
        """The shared memory of which an expression is a NumPy array: the calls that made it."""
        found: list[ast.AST] = []
        for value in self.values(node):
            if isinstance(value, ast.Call) and "view" in self.kinds(value):
                given = keyword_of(value, "buffer")
                if self.resolve(value.func) == "numpy.frombuffer" and value.args:
                    given = value.args[0]
                if isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute):
                    given = given.func.value  # .get_obj()
                if isinstance(given, ast.Attribute):
                    given = given.value if given.attr == "buf" else given
                found += [made for made in self.values(given) if self.kinds(made) & MEMORY]
        return found

    # How it starts processes

    def start_methods(self) -> set[str]:
        """The start methods that the program names itself; empty if it leaves them to Python."""
        found: set[str] = set()
        for call in self.calls:
            name = self.resolve(call.func)
            if name in ("multiprocessing.set_start_method", "multiprocessing.get_context"):
                given = call.args[0] if call.args else keyword_of(call, "method")
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    found.add(given.value)
                elif given is not None:
                    found |= {"fork", "forkserver", "spawn"}
        return found


class Element(ast.AST):
    """Stands for an item of what another expression gives."""

    _fields = ()

    def __init__(self, value: ast.AST) -> None:
        super().__init__()
        self.value = value


def keyword_of(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument, or None."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return None


def method_of(call: ast.AST) -> tuple[ast.expr | None, str]:
    """The object whose method a call calls, and the method; None and the name of a function."""
    function = getattr(call, "func", None)
    if isinstance(function, ast.Attribute):
        return function.value, function.attr
    return None, function.id if isinstance(function, ast.Name) else ""


def parameters(function: ast.AST) -> list[str]:
    """The names of a function's parameters, in order."""
    arguments = getattr(function, "args", None)
    if arguments is None or isinstance(arguments, list):
        return []
    found = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    found += [arguments.vararg.arg] if arguments.vararg else []
    found += [argument.arg for argument in arguments.kwonlyargs]
    return found + ([arguments.kwarg.arg] if arguments.kwarg else [])


def written(node: ast.AST) -> str:
    """A name, attribute, item or constant as text, for comparing; other parts become "?"."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{written(node.value)}.{node.attr}"
    if isinstance(node, ast.Subscript):
        return f"{written(node.value)}[{written(node.slice)}]"
    return repr(node.value) if isinstance(node, ast.Constant) else "?"
