"""One rule a file. Each has the name of its page; `check` yields what it finds in a program."""

from examples._checker.rules import (
    closed_shared_memory,
    fork_with_threads,
    killed_worker,
    leaked_shared_memory,
    main_guard,
    nested_list,
    pool_not_running,
    queue_deadlock,
    queue_empty,
    race,
    unseen_error,
)

RULES = [
    closed_shared_memory,
    fork_with_threads,
    killed_worker,
    leaked_shared_memory,
    main_guard,
    nested_list,
    pool_not_running,
    queue_deadlock,
    queue_empty,
    race,
    unseen_error,
]
