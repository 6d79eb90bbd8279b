"""What can be wrong on a page for those who use it otherwise: axe, reflow, targets, focus, text spacing, language, title."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320
SPACING = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}"

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => {
  const most = document.documentElement.clientWidth;
  const held = e => { for (let p = e.parentElement; p; p = p.parentElement) if (getComputedStyle(p).overflowX !== 'visible') return true; };
  return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > most + 1 && !held(e)).slice(0, 3)
    .map(e => e.tagName.toLowerCase() + '.' + e.className + ' “' + e.textContent.trim().slice(0, 30) + '”').join(', ');
}"""
# WCAG 2.5.8: 24×24, or a 24 px circle around it touches no other target; a link in a sentence is exempt.
SMALL = """() => {
  const all = [...document.querySelectorAll('a[href],button,summary,select,textarea,input:not([type=hidden]),[role=button]')]
    .filter(e => !e.disabled && e.checkVisibility({visibilityProperty: true}) && !e.closest('.vh,.skip'));
  const box = e => { const own = e.getBoundingClientRect(), l = e.labels && e.labels[0] && e.type && /checkbox|radio/.test(e.type) ? e.labels[0].getBoundingClientRect() : own;
    return l.width * l.height > own.width * own.height ? l : own; };
  const inSentence = e => e.tagName === 'A' && getComputedStyle(e).display === 'inline' && e.closest('p,dd,li,blockquote') &&
    e.closest('p,dd,li,blockquote').textContent.trim().length > e.textContent.trim().length + 8;
  const near = (a, b) => { const x = a.left + a.width / 2, y = a.top + a.height / 2;
    const dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom); return Math.hypot(dx, dy) < 12; };
  return all.filter(e => { const r = box(e); return r.width && r.height && (r.width < 23.5 || r.height < 23.5) && !inSentence(e)
      && all.some(o => o !== e && !o.contains(e) && !e.contains(o) && near(r, box(o))); })
    .map(e => { const r = box(e); return (e.textContent || e.ariaLabel || e.name || '').trim().slice(0, 24) + ' ' + Math.round(r.width) + '×' + Math.round(r.height); });
}"""
CLIPPED = """() => [...document.querySelectorAll('a,button,.tag,.lv,b,dd,td,th,label,h1,h2,h3')]
  .filter(e => { const s = getComputedStyle(e); return e.checkVisibility() && !e.closest('.vh') && s.overflowX !== 'visible' && s.textOverflow !== 'ellipsis'
    && s.overflowX !== 'auto' && e.scrollWidth > e.clientWidth + 2; }).map(e => e.textContent.trim().slice(0, 24))"""
UNSEEN = """() => {
  const stops = [...document.querySelectorAll('a[href],button,summary,select,textarea,input:not([type=hidden]),[tabindex="0"]')]
    .filter(e => !e.disabled && e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0);
  const bad = [];
  for (const e of stops) {
    e.focus({preventScroll: true});
    if (document.activeElement !== e) continue;
    const s = getComputedStyle(e);
    if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) bad.push((e.textContent || e.ariaLabel || e.name || e.tagName).trim().slice(0, 24));
  }
  return bad;
}"""


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def axe(page: Page, within: str = "") -> list[str]:
    """Violations of WCAG 2.2 AA and of good practice, each with the elements; only WITHIN a selector where one is given."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())  # half a megabyte: once a page
    report: dict[str, Any] = page.evaluate(
        "([rules, within]) => axe.run(within || document, {runOnly: rules, resultTypes: ['violations'], elementRef: false})",
        [RULES, within],
    )
    return [
        f"axe {broken['id']} ({broken['impact']}): "
        + " | ".join(
            f"{' '.join(map(str, node['target']))} {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
            for node in broken["nodes"][:3]
        )
        for broken in report["violations"]
    ]


def reflow(page: Page, width: int) -> list[str]:
    """Nothing is wider than the window at WIDTH."""
    page.set_viewport_size({"width": width, "height": 844})
    over = page.evaluate(OVERFLOW)
    return [f"{over} px too wide at {width}: {page.evaluate(WIDEST)}"] if over > 0 else []


def small_targets(page: Page) -> list[str]:
    return [f"target under 24 px: {words}" for words in page.evaluate(SMALL)]


def unseen_focus(page: Page) -> list[str]:
    """Every stop shows where one is. The key makes the browser show focus at all."""
    page.keyboard.press("Tab")
    return [f"no outline in focus: {words}" for words in page.evaluate(UNSEEN)]


def spaced(page: Page) -> list[str]:
    """WCAG 1.4.12: with more space between letters, words and lines nothing runs out or is cut."""
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [...document.adoptedStyleSheets, s]; }",
        SPACING,
    )
    over = page.evaluate(OVERFLOW)
    wrong = [f"{over} px too wide with text spacing: {page.evaluate(WIDEST)}"] if over > 0 else []
    return wrong + [f"cut with text spacing: {words}" for words in page.evaluate(CLIPPED)]


def frame(page: Page, language: str) -> list[str]:
    """The document says its language and what it is."""
    wanted = "en" if language == "en" else "zh-Hans"
    said = page.get_attribute("html", "lang")
    wrong = [] if said == wanted else [f"lang is {said}, not {wanted}"]
    title = page.title()
    return wrong + words(page) + ([] if title and not title.startswith(" ·") and "None" not in title else [f"title is “{title}”"])


def words(page: Page) -> list[str]:
    """Words that only a program reads: objects, place-holders, template signs."""
    found = re.findall(r"<function|<bound|object at 0x|%\(\w+\)s|\{\{|\{%|\bNone\b|\bnan\b", page.inner_text("body"))
    return [f"not for people: {sign}" for sign in dict.fromkeys(found)]
