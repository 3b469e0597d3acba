"""What a text may be instead of a program for Python 3. The browser asks this, too."""


def instead(text: str, told: str) -> str:
    """A sentence that follows what Python told of the text, or ""."""
    if "Traceback (most recent call last)" in text:
        return ". This is a traceback: docs/diagnose.md tells what it means"
    if "Missing parentheses" in told or "multiple exception types" in told:
        return ". This is a program for Python 2"
    if any(line.strip().startswith("```") for line in text.splitlines()):
        return ". This is Markdown: give the program alone"
    return ""
