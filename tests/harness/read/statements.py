"""What a page says: each sentence, list item and row of a table is a statement.

Left out are headings, code, quotations, and the pointers to other pages under
"Where to go next". A statement is known by its words: links and emphasis are gone,
code keeps its backticks, the cells of a row are joined by ` | `.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.harness.read.pages import TAB, Fence, prose

POINTERS = "## Where to go next"
LINK = re.compile(r"!?\[((?:[^][]|\[[^]]*\])*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
CODE = re.compile(r"(`+)(.+?)\1")
EMPHASIS = re.compile(r"(?<!\w)(\*{1,2}|_{1,2})(?=\S)(.+?)(?<=\S)\1(?!\w)")
ATTRIBUTES = re.compile(r"\{:?[ .#][^}]*\}")
UNSEEN = re.compile(r"<!--.*?-->|^\[[^]]+\]: \S+$")  # comments, and where references lead
ITEM = re.compile(r"(?:[-*+]|\d+\.) +")
RULE = re.compile(r"[-|: ]+")
CELLS = re.compile(r"(?<!\\)\|")
END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<=[.!?])[\"')]* +(?=[\"'(]*[A-Z\d\x02])")
HELD = re.compile("\x02(\\d+)\x03")
STRING = re.compile(r'("(?:[^"\\]|\\["\\/bfnrtu])*"),?')
SOURCE = "\x04"


@dataclass(frozen=True)
class Statement:
    """One thing that a page says."""

    line: int
    """Of the page, from 1: where its paragraph, item or row begins."""
    words: str
    sourced: bool
    """Whether it links to where somebody else says so."""


def read_statements(text: str, fences: list[Fence]) -> list[Statement]:
    """All statements of a page, in order."""
    return [
        Statement(line, words.replace(SOURCE, ""), SOURCE in words)
        for line, block in _blocks(text, fences)
        for words in _sentences(block)
        if re.search(r"\w", words)
    ]


def text_of_notebook(text: str) -> str:
    """What its Markdown cells say, each line in the place where it stands in the file."""
    lines, in_markdown, in_source = [], False, False
    for line in text.splitlines():
        words = line.strip()
        if words.startswith('"cell_type":'):
            in_markdown = '"markdown"' in words
        in_source = in_source and words[:1] != "]"
        said = STRING.fullmatch(words) if in_source else None
        lines.append(json.loads(said[1]).rstrip("\n") if said else "")
        in_source = in_source or (in_markdown and words == '"source": [')
    return "\n".join(lines)


def statements_of(words: str) -> list[str]:
    """The statements of a text that quotes a page, where a row stands in lines of its own."""
    blocks = filter(None, re.split(r"\n\s*\n", words.strip()))
    return [one for block in blocks for one in _sentences(" ".join(block.split()))]


def _blocks(text: str, fences: list[Fence]) -> Iterator[tuple[int, str]]:
    """Paragraphs, items and rows, on one line each."""
    outside = dict(prose(text, fences))
    block: list[str] = []
    first, in_table, pointers = 0, False, False
    for number, line in enumerate([*_without_front_matter(text), ""], 1):
        words = UNSEEN.sub("", line).strip() if number in outside else ""
        is_row = words.startswith("|")
        begins = ITEM.match(words)
        if block and (not words or is_row or begins or words[0] in "#>"):
            yield first, " ".join(block)
            block = []
        if words.startswith("#"):
            pointers = words == POINTERS
        elif is_row:
            if in_table and not RULE.fullmatch(words):
                cells = [cell.strip() for cell in CELLS.split(words.strip("|"))]
                yield number, " | ".join(cell.replace("\\|", "|") for cell in cells)
        elif words and words[0] != ">" and not pointers and not TAB.fullmatch(line):
            first = first if block else number
            block.append(words[begins.end() :] if begins else words)
        in_table = is_row


def _without_front_matter(text: str) -> list[str]:
    lines = text.splitlines()
    if lines[:1] == ["---"] and "---" in lines[1:]:
        end = lines.index("---", 1) + 1
        lines[:end] = [""] * end
    return lines


def _sentences(block: str) -> list[str]:
    """The sentences of a paragraph, or the one of a row, without Markdown."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return f"\x02{len(held) - 1}\x03"

    def link(match: re.Match[str]) -> str:
        return match[1] + (SOURCE if match[2].startswith("https:") else "")

    text = CODE.sub(hold, block)
    text = ATTRIBUTES.sub("", EMPHASIS.sub(r"\2", LINK.sub(link, text)))
    sentences = [text] if " | " in text else END.split(text)
    return [HELD.sub(lambda m: held[int(m[1])], " ".join(one.split())) for one in sentences]
