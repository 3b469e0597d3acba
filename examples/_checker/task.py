"""What is handed to another process."""

from __future__ import annotations

import ast


class Task:
    """A function that is handed to another process.

    `how` is "Process", "pool", "executor" or "initializer"; `method` the name of what was called
    to hand it over; `function` the expression; `target` the function or lambda that it is, if the
    file has it; `arguments` the expressions that it gets one by one, and `items` those of which it
    gets one item a call. `given` is the expression of all arguments, `args=` or `initargs=`;
    `rows` are the arguments of the other calls of a starmap.
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
        self.rows: list[list[ast.expr]] = []
