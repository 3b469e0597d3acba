"""The tree of a program: where a node stands, and what runs after what."""

from __future__ import annotations

import ast
from collections.abc import Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)


class Tree:
    """A file, parsed. It raises SyntaxError where Python would."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self.nodes: list[ast.AST] = []
        self._parents: dict[int, ast.AST] = {}
        self._spans: dict[int, tuple[int, int]] = {}
        self._functions_of: dict[int, ast.AST] = {}
        self._list(self.tree)
        self.calls = [node for node in self.nodes if isinstance(node, ast.Call)]

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

    def inside(self, node: ast.AST, *kinds: type[ast.AST]) -> list[ast.AST]:
        """The nodes of these kinds in another one, in the order of the text, nested ones too."""
        start, end = self._spans.get(id(node), (0, 0))
        return [part for part in self.nodes[start:end] if isinstance(part, kinds)]

    def own(self, function: ast.AST, *kinds: type[ast.AST]) -> list[ast.AST]:
        """The nodes of these kinds that a function or the module runs itself."""
        return [
            node for node in self.inside(function, *kinds) if self.function_of(node) is function
        ]

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

    def follows(self, later: ast.AST, earlier: ast.AST) -> bool:
        """Whether a node may run after another one of the same function, without a loop's help."""
        if (later.lineno, later.col_offset) <= (earlier.lineno, earlier.col_offset):  # type: ignore[attr-defined]
            return False
        around = {id(above): above for above in self.ancestors(later)}
        before = earlier
        while id(above := self._parents[id(before)]) not in around:
            if self._ends(above, before):
                return False
            before = above
        return not self._is_excluded(above, before, later)

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


def keyword_of(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument, or None."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return None


def argument_of(call: ast.Call, name: str, index: int) -> ast.expr | None:
    """The value of an argument, given by its name or by its place, or None."""
    return keyword_of(call, name) or (call.args[index] if len(call.args) > index else None)


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
