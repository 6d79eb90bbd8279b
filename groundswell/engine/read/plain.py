"""HTML fragments to plain text: paragraphs on lines of their own, nothing that is not shown."""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from groundswell.engine.read.tame import tame

BLOCKS = frozenset(
    "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 section article blockquote pre dd dt figcaption header footer hr".split()  # noqa: SIM905
)
HIDDEN = "script, style, noscript, template, iframe, object, svg, head, select, button"
HAS_HIDDEN = re.compile(r"<(?:script|style|noscript|template|iframe|object|svg|head|select|button)\b", re.IGNORECASE)
TAG = re.compile(r"<[a-zA-Z/!]")


def plain_text(html: str) -> str:
    """HTML (or plain text) as text; what has no tag is only unescaped."""
    if not TAG.search(html):
        return tidy(unescape(html))
    tree = LexborHTMLParser(tame(html))
    if HAS_HIDDEN.search(html):
        for node in tree.css(HIDDEN):
            node.decompose()
    return tidy(_walk(tree))


def _walk(tree: LexborHTMLParser) -> str:
    body = tree.body
    if body is None:
        return ""
    parts: list[str] = []
    for node in body.traverse(include_text=True):
        if node.tag == "-text":
            parts.append((node.text_content or "").replace("\n", " "))
        elif node.tag in BLOCKS:
            parts.append("\n")
    return "".join(parts)


def tidy(text: str) -> str:
    """Runs of blanks to one, blank lines away."""
    if "\n" not in text and "\r" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)
