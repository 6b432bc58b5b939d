"""Lists written inside a text: from clean text with bullets to its items.

Only explicit mark-up counts: lines that begin with a bullet, a dash or a number (HTML list items have become
such lines in clean text), or several bullets in one line. Nothing is cut at full stops or semicolons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BULLET = re.compile(r"\s*(?:[-–—*+•·▪◦‣●○■□➢➔→✓✔\uf0b7]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_INLINE = re.compile(r"\s*•\s*")
_LEADS_ON = (":", "…", "...")
_CLOSED = (".", "!", "?", ";", "。")
_BOLD = re.compile(r"(?:\*\*|__)[^*_]+(?:\*\*|__):?")


@dataclass(slots=True)
class _Block:
    text: str
    is_item: bool
    is_open: bool = True


def items_of(text: str) -> list[str]:
    """Return the items of the list that a clean text carries; the text itself, alone, where it carries none.

    A line that leads into the list is no item and is left out; another paragraph beside the list is kept as
    an item of its own, because it says something.
    """
    if "\n" not in text and "•" not in text and not _BULLET.match(text):
        return [text]  # the common case: one line that is no item of a list
    blocks = _blocks(_bullets_on_lines(text))
    number = sum(block.is_item for block in blocks)
    if number == 0 or (number == 1 and len(blocks) > 1 and not _leads_on(blocks[0].text)):
        return [text]
    items = [
        _trimmed(block.text)
        for block, follower in zip(blocks, [*blocks[1:], None], strict=True)
        if not (follower is not None and follower.is_item and leads_in(block.text, item=block.is_item))
    ]
    return [item for item in items if item and not _BOLD.fullmatch(item)] or [text]


def leads_in(text: str, *, item: bool = False) -> bool:
    """Whether a text only leads on to what follows it. An `item` leads on by its sign alone."""
    return _leads_on(text) or (not item and not text.endswith(_CLOSED))


def _leads_on(text: str) -> bool:
    return text.rstrip("*_ ").endswith(_LEADS_ON)


def _bullets_on_lines(text: str) -> str:
    return _INLINE.sub("\n• ", text) if text.count("•") > 1 else text


def _blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    for line in text.split("\n"):
        match = _BULLET.match(line)
        if match:
            blocks.append(_Block(line[match.end() :].strip(), True))
        elif not line.strip():
            _close(blocks)
        elif blocks and blocks[-1].is_open and not _leads_on(line):
            blocks[-1].text = f"{blocks[-1].text} {line.strip()}"
        else:
            blocks.append(_Block(line.strip(), False))
    return blocks


def _close(blocks: list[_Block]) -> None:
    if blocks:
        blocks[-1].is_open = False


def _trimmed(item: str) -> str:
    return item.strip().rstrip(",;").rstrip()
