"""One rule a file. Each has the name of its page; `check` yields what it finds in a program."""

from examples._checker.rules import (
    closed_shared_memory,
    leaked_shared_memory,
    main_guard,
    nested_list,
    queue_deadlock,
    queue_empty,
    race,
)

RULES = [
    closed_shared_memory,
    leaked_shared_memory,
    main_guard,
    nested_list,
    queue_deadlock,
    queue_empty,
    race,
]
