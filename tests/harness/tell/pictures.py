"""A Markdown extension: draws what the processes of a program do over the text that says it.

The picture is made of the text, which follows it, folded. See `examples/_trace/drawing.py`.
"""

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from examples._trace.drawing import drawing
from examples._trace.steps import TASKS
from examples._trace.text import read_text
from tests.harness.read.pages import Fence, read_fences
from tests.harness.read.site import ROOT
from tests.harness.read.traces import SUFFIX, TITLES

AFTER_STAMPS = 32.5  # which count lines, and before pymdownx.snippets
FIGURE = (
    '<figure class="trace-figure" data-search-exclude>'
    "<figcaption>{caption}</figcaption>{drawing}</figure>"
)
CAPTION = "{title}. Time goes down, in steps and not to scale."
IN_ONE_RUN = " The order between the processes may differ in another run."
POOL = " So may which worker does a task."


def makeExtension(**settings: Any) -> Extension:
    """Called by Markdown, by this name."""
    return Pictures(**settings)


class Pictures(Extension):
    """The extension."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Markdown, by this name."""
        md.preprocessors.register(DrawTimelines(md), "pictures", AFTER_STAMPS)


class DrawTimelines(Preprocessor):
    """Works on the lines of a page, before anything is included in them."""

    def run(self, lines: list[str]) -> list[str]:
        """Give the lines with a picture before each timeline, which is folded."""
        fences, _ = read_fences(lines, "")
        traces = {fence.line: fence for fence in fences if fence.include.endswith(SUFFIX)}
        drawn: list[str] = []
        end = 0
        for number, line in enumerate(lines, 1):
            if (fence := traces.get(number)) and (ROOT / "examples" / fence.include).exists():
                drawn += [*self.picture(fence), ""]
                drawn += [f'{fence.indent}??? note "The same as a list"', ""]
                end = fence.end
            drawn.append(f"    {line}" if number <= end else line)
        return drawn

    def picture(self, fence: Fence) -> list[str]:
        """What stands for the picture until the page is HTML."""
        path = ROOT / "examples" / fence.include
        run = read_text(path.read_text("utf-8"))
        program = fence.include.removesuffix(SUFFIX)
        caption = CAPTION.format(title=fence.title)
        if TITLES[fence.title]:
            pool = any(lane.runs == TASKS for lane in run.lanes)
            caption += IN_ONE_RUN + POOL * pool
        figure = FIGURE.format(
            caption=caption, drawing=drawing(run, f"{fence.title}: {program}, as in the list below")
        )
        return [fence.indent + figure]
