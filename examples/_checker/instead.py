"""What a text may be instead of a program for Python 3. The browser asks this, too."""

PYTHON_2 = ("print '", 'print "')


def instead(text: str, told: str) -> str:
    """A sentence that follows what Python told of the text, or ""."""
    if "Traceback (most recent call last)" in text:
        return ". This is a traceback: docs/diagnose.md tells what it means"
    lines = [line.strip() for line in text.splitlines()]
    if "Missing parentheses" in told or any(line.startswith(PYTHON_2) for line in lines):
        return ". This is a program for Python 2"
    if any(line.startswith("```") for line in lines):
        return ". This is Markdown: give the program alone"
    return ""
