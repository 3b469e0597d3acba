"""What the names of a program stand for, as far as the file itself says so.

`kinds` leaves out what it cannot tell, so a rule asks for what it knows, never for what it misses.
"""

from __future__ import annotations

import ast

from examples._checker.names import CALLS, CONSTRUCTORS, ELEMENTS, IMPORTED, METHODS
from examples._checker.task import Task
from examples._checker.tree import (
    COMPREHENSIONS,
    FUNCTIONS,
    Tree,
    keyword_of,
    method_of,
    parameters,
)

DEPTH = 6  # names of names are followed so far
MEMORY = {"Array", "RawArray", "SharedMemory", "managed.SharedMemory"}


class Values(Tree):
    """A program whose names can be followed to what was assigned to them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.imports: dict[str, str] = {}
        self._stars: list[str] = []
        self._bound: dict[tuple[int, str], list[ast.AST]] = {}
        self._attributes: dict[tuple[int, str], list[ast.AST]] = {}
        self._globals: dict[int, set[str]] = {}
        self._known_values: dict[tuple[int, int], list[ast.AST]] = {}
        self._known_kinds: dict[tuple[int, int], set[str]] = {}
        self._elements_of: dict[tuple[int, object, int], Element] = {}
        self._given: dict[int, list[Task]] = {}
        self._bind()
        self._added = self._additions()
        self._called: dict[int, list[ast.Call]] = {}
        for call in self.calls:
            for target in self.functions(call.func):
                self._called.setdefault(id(target), []).append(call)

    def reached(self, functions: list[ast.AST], in_import: bool = False) -> dict[int, ast.AST]:
        """These functions, and those of this file that they call, directly or not.

        `in_import` leaves out what they call under the main guard.
        """
        found: dict[int, ast.AST] = {}
        stack = list(functions)
        while stack:
            function = stack.pop()
            if id(function) in found or isinstance(function, ast.ClassDef):
                continue
            found[id(function)] = function
            for call in self.inside(function, ast.Call):
                assert isinstance(call, ast.Call)
                if not in_import or not self.guarded(call):
                    stack.extend(self.functions(call.func))
        return found

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

    def _is_made_after(self, made: ast.AST, use: ast.AST) -> bool:
        return self.function_of(made) is self.function_of(use) and self.follows(made, use)

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

    def _element(self, value: ast.AST, key: object = None, size: int = 0) -> Element:
        return self._elements_of.setdefault((id(value), key, size), Element(value, key, size))

    def _bind_target(self, target: ast.AST, value: ast.AST, where: ast.AST) -> None:
        if isinstance(target, ast.Name):
            self._bind_name(target.id, value, where)
        elif isinstance(target, ast.Attribute):
            if isinstance(target.value, ast.Name) and target.value.id in ("self", "cls"):
                owner = self.class_of(target)
                if owner is not None:
                    self._attributes.setdefault((id(owner), target.attr), []).append(value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            size = len(target.elts)
            parts: list[ast.AST] = [self._element(value, key, size) for key in range(size)]
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == size:
                parts = list(value.elts)
            for name, part in zip(target.elts, parts, strict=True):
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
                for part, given in zip(target.elts, iterable.args, strict=False):
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
            return usual(self.imports.get(node.id, "") or self._from_star(node.id)) or node.id
        if isinstance(node, ast.Attribute):
            if before := self.resolve(node.value):
                return usual(f"{before}.{node.attr}")
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
            return self._elements(node.value, depth - 1, node.key, node.size)
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
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            found = self._elements(node.value, depth - 1, key)
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

    def _elements(
        self, node: ast.AST, depth: int, key: object = None, size: int = 0
    ) -> list[ast.AST]:
        """What the items of an expression, or one of them, may stand for."""
        found: list[ast.AST] = []
        for value in self.values(node, depth):
            if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
                for item in chosen(value.elts, key, size):
                    found += self.values(item, depth - 1)
            elif isinstance(value, COMPREHENSIONS):
                found += self.values(value.elt, depth - 1)
            elif isinstance(value, ast.DictComp):
                found += self.values(value.value, depth - 1)
            elif isinstance(value, ast.Dict):
                for item in having(value, key):
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

    def _additions(self) -> dict[tuple[int, str], list[ast.Call]]:
        """The calls that add an item to what a name stands for, by its scope and name."""
        found: dict[tuple[int, str], list[ast.Call]] = {}
        for call in self.calls:
            owner, method = method_of(call)
            if method in ("append", "add") and isinstance(owner, ast.Name) and call.args:
                found.setdefault((id(self.scope_of(owner)), owner.id), []).append(call)
        return found

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
                found += [row[index] for row in task.rows if index < len(row)]
            elif 0 <= index < len(task.items):
                found.append(self._element(task.items[index]))
            given = keyword_of(task.call, "kwargs")
            if isinstance(given, ast.Dict):
                for key, value in zip(given.keys, given.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == name:
                        found.append(value)
        return found

    def kinds(self, node: ast.AST | None, depth: int = DEPTH) -> set[str]:
        """What an expression may be, in the words of `names`; empty if nothing is told."""
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
                whole = self._kinds_of_call(value.value, depth - 1)
                found |= {ELEMENTS[kind] for kind in whole if kind in ELEMENTS}
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

    def parts(self, node: ast.AST | None) -> list[ast.expr]:
        """The expressions of a tuple or list that is written out, also under a name."""
        for value in self.values(node):
            if isinstance(value, (ast.Tuple, ast.List)):
                return list(value.elts)
        return []

    def _rows(self, items: ast.AST | None) -> list[list[ast.expr]]:
        for value in self.values(items):
            if isinstance(value, COMPREHENSIONS):
                return [self.parts(value.elt)]
            if isinstance(value, (ast.List, ast.Tuple)):
                return [self.parts(row) for row in value.elts]
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


def usual(dotted: str) -> str:
    """The name of the same thing in the module where people look for it."""
    for start, name in IMPORTED:
        if dotted == start or dotted.startswith(f"{start}."):
            return name + dotted[len(start) :]
    return dotted


def chosen(items: list[ast.expr], key: object, size: int) -> list[ast.expr]:
    """The item with an index in a sequence of a certain size, or all if that is not told."""
    if isinstance(key, str):
        return []  # of a dict
    if not isinstance(key, int) or size not in (0, len(items)) or key >= len(items):
        return items
    return items if any(isinstance(item, ast.Starred) for item in items) else [items[key]]


def having(node: ast.Dict, key: object) -> list[ast.expr]:
    """The value of a key in a dict that is written out, or all if that is not told."""
    if key is None or not all(isinstance(part, ast.Constant) for part in node.keys):
        return node.values
    return [
        value
        for part, value in zip(node.keys, node.values, strict=True)
        if isinstance(part, ast.Constant) and part.value == key
    ]


class Element(ast.AST):
    """Stands for an item of what another expression gives: one of `size`, with `key`, if told."""

    _fields = ()

    def __init__(self, value: ast.AST, key: object = None, size: int = 0) -> None:
        super().__init__()
        self.value, self.key, self.size = value, key, size
