"""What the page asks, in the browser: `docs/assets/checker.js` hands it a program."""

from examples._checker.check import findings
from examples._checker.instead import instead
from examples._checker.program import Program


def check(text):
    """A list for each finding: line, rule, what will happen, page. Or for why there are none."""
    try:
        program = Program(text)
        return [[found.line, found.rule, found.text(), found.page] for found in findings(program)]
    except SyntaxError as error:
        return [[error.lineno or 0, "", f"{error.msg}{instead(text, str(error.msg))}", ""]]
    except RecursionError:
        return [[0, "", "nested too deeply", ""]]
