"""Asks the page that finds causes, in a browser, as a reader does; and changes what is asked."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

PAGE = "diagnose/"
FIELD = "#diagnose-text"
ANSWER = "#diagnose-answer"
# The module that answers is asked as the page asks it, with what the page has read.
ASK = """
async texts => {
  const assets = new URL("../assets/", location)
  const { answer, prepare, unlike } = await import(new URL("diagnose.js", assets))
  const known = prepare(await (await fetch(new URL("diagnose.json", assets))).json())
  return texts.map(text => {
    const { level, results } = answer(text, known)
    const pages = results.map(({ page, level }) => [page.replace(/\\/$/, ""), level])
    return [level, pages, unlike(text)]
  })
}
"""
# From the paste to the answer, in milliseconds.
TIME = """
([field, answer]) => {
  self.took = new Promise(resolve => {
    let start
    document.querySelector(field).addEventListener("paste", () => (start = performance.now()))
    new MutationObserver(() => resolve(performance.now() - start))
      .observe(document.querySelector(answer), { childList: true })
  })
}
"""
LONGEST = 200_000  # characters of a text that it reads
LEVELS = ["the cause", "perhaps", "around", "not known"]
ERRNO = re.compile(r"\[(?:Errno|WinError) \d+\]|\d+")


@dataclass(frozen=True)
class Answer:
    """What is answered to a text."""

    level: str
    """Of LEVELS."""
    pages: list[str]
    """Those that may explain the error, as `<section>/<page>`, the best first."""
    unlike: str
    """What the text is, if no error is in it."""


def ask(page: Page, texts: list[str]) -> list[Answer]:
    """What the page of the built site answers to each text; it is open in the browser."""
    return [
        Answer(LEVELS[level], [name for name, sure in pages if sure < 2], unlike)
        for level, pages, unlike in page.evaluate(ASK, texts)
    ]


def shown(page: Page, text: str) -> str:
    """What the page shows when a text is pasted into its field, and nothing else is done."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.eval_on_selector(ANSWER, "answer => answer.replaceChildren()")
    page.eval_on_selector(FIELD, "field => (field.value = '')")
    page.press(FIELD, "Control+v")
    page.wait_for_selector(f"{ANSWER} > *")
    return page.inner_text(ANSWER)


def time_first(page: Page, text: str, slower: int) -> float:
    """How long the first answer of a page takes on a slower processor, in milliseconds."""
    page.evaluate(TIME, [FIELD, ANSWER])
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    shown(page, text)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    took: float = page.evaluate("took")
    return took


def changed(text: str, program: Path) -> str:
    """An error output as another reader has it: other paths, numbers, and names of the program."""
    names = names_in(program.read_text("utf-8")) if program.is_file() else []
    for name in names:
        text = re.sub(rf"(?<=['.>]){name}\b|\b{name}(?=['.(])", f"{name}_too", text)
    text = ERRNO.sub(lambda found: found[0] if found[0][0] == "[" else f"{int(found[0]) + 3}", text)
    return text.replace("'...", "'/home/someone/work/").replace(" at ...", " at 0x7f3a5c0d2e60>")


def names_in(code: str) -> list[str]:
    """What a program names itself: functions, classes, variables, arguments."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
    return sorted(found - {"self"})
