"""The commands of contributors, a file each; `python -m tests.harness` runs them by name."""
