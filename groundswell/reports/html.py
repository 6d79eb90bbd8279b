"""Sets a brief as one HTML page: the same words as Word and PDF, light as paper, printable, without script.

Pictures are embedded as images, where a browser runs nothing; everything else is escaped text.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path

from groundswell.reports import look
from groundswell.reports.paper import Brief
from groundswell.reports.sheet import Picture, Run, Sheet, SheetItem, compose
from groundswell.reports.words import words_of

_CSS = Path(__file__).with_name("paper.css").read_text(encoding="utf-8")


def brief_html(brief: Brief) -> str:
    """The page of a brief, whole, from doctype to the end, in the brief's language."""
    sheet = compose(brief)
    size, spacing = look.masthead_pt(sheet.title), look.masthead_spacing(sheet.title)
    head = (
        f'<!doctype html>\n<html lang="{sheet.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f"<title>{escape(sheet.title)} {escape(sheet.issue)}</title>"
        f"<style>{_measures()}{_CSS}.masthead{{font-size:{size:.1f}pt;letter-spacing:{spacing}em;padding-left:{spacing}em}}</style></head>\n"
    )
    body = "\n".join(part for part in (_head(sheet), _body(sheet), _sources(sheet), _foot(sheet)) if part)
    return f'{head}<body><main class="paper">\n{body}\n</main></body></html>\n'


def _measures() -> str:
    """The page box and the variables that ``paper.css`` speaks of."""
    return (
        f"@page{{size:A4;margin:{look.TOP_MM}mm {look.RIGHT_MM}mm {look.BOTTOM_MM}mm {look.LEFT_MM}mm}}"
        f":root{{--red:#{look.RED};--ink:#{look.INK};--grey:#{look.GREY};--line:{look.LINE_PT}pt;"
        f"--top:{look.TOP_MM}mm;--right:{look.RIGHT_MM}mm;--left:{look.LEFT_MM}mm}}\n"
    )


def _head(sheet: Sheet) -> str:
    classification = f'<p class="classification">{escape(sheet.classification)}</p>' if sheet.classification else ""
    return (
        f'<header><h1 class="masthead">{escape(sheet.title)}</h1><p class="issue">{escape(sheet.issue)}</p>{classification}'
        f'<p class="imprint"><span>{escape(sheet.office)}</span> <span>{escape(sheet.date)}</span></p></header>'
    )


def _body(sheet: Sheet) -> str:
    parts = []
    for section in sheet.sections:
        items = "".join(map(_item, section.items))
        parts.append(f"<section><h2>{escape(section.heading)}</h2>\n{items}</section>")
    if sheet.empty:
        parts.append(f'<p class="text">{escape(sheet.empty)}</p>')
    parts += map(_picture, sheet.pictures)
    return "\n".join(parts)


def _item(item: SheetItem) -> str:
    words = "".join(f'<p class="text">{"".join(map(_run, runs))}</p>\n' for runs in item.paragraphs)
    figures = f'<p class="figures">{escape(item.figures)}</p>\n' if item.figures else ""
    return f"<article><h3>{escape(item.title)}</h3>\n{words}{figures}{''.join(map(_picture, item.pictures))}</article>\n"


def _run(run: Run) -> str:
    tag = {"bold": "strong", "cite": "sup"}.get(run.look)
    return f"<{tag}>{escape(run.text)}</{tag}>" if tag else escape(run.text)


def _picture(picture: Picture) -> str:
    data = b64encode(picture.svg.encode("utf-8", "replace")).decode("ascii")
    return (
        f'<figure><img alt="{escape(picture.alt)}" src="data:image/svg+xml;base64,{data}">'
        f"<figcaption>{escape(picture.caption)}</figcaption></figure>\n"
    )


def _sources(sheet: Sheet) -> str:
    if not sheet.sources:
        return ""
    lines = "".join(f"<li>{escape(source.text)}{_link(source.url)}</li>\n" for source in sheet.sources)
    return f'<section class="sources"><h2>{escape(sheet.sources_heading)}</h2>\n<ol>\n{lines}</ol></section>'


def _link(url: str) -> str:
    return f' <a href="{escape(url)}" rel="noopener noreferrer nofollow">{escape(url)}</a>' if url else ""


def _foot(sheet: Sheet) -> str:
    apart = words_of(sheet.lang)["people_join"]
    people = apart.join(f"<span>{escape(person)}</span>" for person in sheet.people)
    rows = [f'<p class="people">{people}</p>'] if people else []
    rows += [f"<p>{escape(line)}</p>" for line in sheet.lists]
    rows += [f'<p class="copies">{escape(sheet.copies)}</p>'] if sheet.copies else []
    return f'<footer class="foot">{"".join(rows)}</footer>' if rows else ""
