"""Translation without GNU gettext: find the messages of each app, keep its Chinese catalogue, compile it, say what is wrong.

``python -m groundswell.server.messages update|compile|check [APP…]``; an app is named by its folder: ``spine``, ``portal``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

PACKAGE = Path(__file__).parent.parent
CATALOGUE = Path("locale", "zh_Hans", "LC_MESSAGES", "django.po")
TEMPLATES = ("*.html", "*.txt", "*.svg", "*.xml")
ONE, PLURAL, CONTEXT, CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    name + lazy: shape
    for name, shape in {"gettext": ONE, "ngettext": PLURAL, "pgettext": CONTEXT, "npgettext": CONTEXT_PLURAL}.items()
    for lazy in ("", "_lazy")
} | {"_": ONE, "gettext_noop": ONE}
HEADER = """# Simplified Chinese.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)(?:%%)*%[sdi]|\{\w*\}")
HAN = re.compile(r"[\u3400-\u9fff]")
QUOTED = re.compile(r"“[^”]*”|（[^）]*）|\([^)]*\)")
NOT_SHOWN = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.DOTALL)
IN_CHINESE = re.compile(r"<(\w+)\b[^>]*\blang=\"zh-Hans\"[^>]*>[^<]*</\1>")  # says itself that it is Chinese: a language's own name


@dataclass(frozen=True)
class Found:
    """A message in the code: its English, its plural ("" where it has none), its context ("" without), and where it stands."""

    msgid: str
    plural: str = ""
    context: str = ""
    locations: tuple[str, ...] = field(default=(), compare=False)  # file:line

    @property
    def key(self) -> tuple[str, str]:
        return self.msgid, self.context


@dataclass(frozen=True)
class Fault:
    """Something wrong with a translation. CODE: missing, fuzzy, placeholders, plural, header, chinese_msgid, clash or unreadable."""

    code: str
    app: str
    msgid: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.app}: {self.code}: {self.msgid!r}{f' ({self.note})' if self.note else ''}"


def app_folders(package: Path = PACKAGE) -> list[Path]:
    """The folders of our Django apps, each with a catalogue of its own."""
    return sorted(found.parent for pattern in ("desk/*/apps.py", "portal/apps.py", "server/apps.py") for found in package.glob(pattern))


# ---------------------------------------------------------------- find


def extract(app: Path) -> set[Found]:
    """Every message in the Python files and templates of APP. A message that is once single and once plural is plural."""
    found: dict[tuple[str, str], Found] = {}
    for each in [*_in_python(app), *_in_templates(app)]:
        before = found.get(each.key, each)
        locations = tuple(dict.fromkeys((*before.locations, *each.locations)))
        found[each.key] = Found(each.msgid, before.plural or each.plural, each.context, locations)
    return set(found.values())


def _in_python(app: Path) -> Iterator[Found]:
    for path in sorted(app.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _messages(path.read_bytes(), path.relative_to(app))


def _in_templates(app: Path) -> Iterator[Found]:
    from django.utils.translation.template import templatize

    for path in sorted({path for pattern in TEMPLATES for path in app.rglob(pattern) if "templates" in path.parts}):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from _messages("\n".join(line.strip() for line in code.split("\n")).encode(), path.relative_to(app))


def _messages(code: bytes, name: Path) -> Iterator[Found]:
    for line, words, _comments, context in babel_extract("python", BytesIO(code), keywords=KEYWORDS, options={"encoding": "utf-8"}):
        msgid, plural = (words[0], words[1]) if isinstance(words, tuple) else (words, "")
        if msgid:
            yield Found(msgid, plural or "", context or "", (f"{name.as_posix()}:{line}",))


# ---------------------------------------------------------------- keep


def update(app: Path, others: Iterable[Path] = ()) -> tuple[int, int]:
    """Bring the catalogue of APP up to its code: new messages in, obsolete ones out, translations kept.

    A new message that an app of OTHERS translates already takes its words. Returns how many came and how many went.
    """
    path = app / CATALOGUE
    old = _by_key(_read(path)) if path.exists() else {}
    lent = {key: message for other in others if other != app for key, message in _by_key(_read(other / CATALOGUE)).items()}
    new = Catalog(locale="zh_Hans", charset="utf-8")
    found = extract(app)
    for each in sorted(found, key=lambda one: (one.msgid, one.context)):
        known = old.get(each.key)
        if known is None or not _translation(known):
            known = lent.get(each.key) or known
        msgid = (each.msgid, each.plural) if each.plural else each.msgid
        words = _translation(known) if known else ""
        flags = ["fuzzy"] if known is not None and known.fuzzy else []
        new.add(msgid, string=(words,) if each.plural else words, flags=flags, context=each.context or None)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_written(new), encoding="utf-8")
    keys = {each.key for each in found}
    return len(keys - set(old)), len(set(old) - keys)


def compile_all(package: Path = PACKAGE) -> list[Path]:
    """Write the ``.mo`` beside every catalogue; return what was written."""
    written = []
    for source in sorted(package.rglob("*.po")):
        with source.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, _read(source))
        written.append(source.with_suffix(".mo"))
    return written


def _written(catalogue: Catalog) -> str:
    stream = BytesIO()
    write_po(stream, catalogue, width=100, no_location=True, omit_header=True, sort_output=False, ignore_obsolete=True)
    return HEADER + stream.getvalue().decode().strip("\n") + "\n"


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as stream:
        return read_po(stream, locale="zh_Hans", abort_invalid=True)


def _by_key(catalogue: Catalog) -> dict[tuple[str, str], Message]:
    return {(_msgid(message), message.context or ""): message for message in catalogue if message.id}


def _msgid(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _translation(message: Message) -> str:
    words = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
    return words or ""


# ---------------------------------------------------------------- check


def missing(apps: Sequence[Path] | None = None) -> list[Fault]:
    """Every message of the code that its app's catalogue does not translate, or only in a fuzzy way."""
    chosen = app_folders() if apps is None else apps
    return [fault for app in chosen for fault in faults(app) if fault.code in ("missing", "fuzzy", "unreadable")]


def faults(app: Path) -> list[Fault]:
    """What is wrong with the catalogue of APP, in the order of its messages."""
    name, path = app.name, app / CATALOGUE
    try:
        catalogue = _read(path)
    except (PoFileError, UnicodeDecodeError) as error:
        return [Fault("unreadable", name, "", str(error))]
    known, wrong = _by_key(catalogue), []
    if path.exists() and not re.search(r"Plural-Forms: nplurals=1; plural=0;", path.read_text(encoding="utf-8")):
        wrong.append(Fault("header", name, "", "Plural-Forms must be nplurals=1; plural=0;"))
    for each in sorted(extract(app), key=lambda one: (one.msgid, one.context)):
        code, note = _judge(each, known.get(each.key))
        if code:
            wrong.append(Fault(code, name, each.msgid, note or ", ".join(each.locations[:2])))
        if HAN.search(QUOTED.sub("", each.msgid)):
            wrong.append(Fault("chinese_msgid", name, each.msgid, ", ".join(each.locations[:2])))
    return wrong


def clashes(apps: Sequence[Path] | None = None) -> list[Fault]:
    """Messages that two apps translate differently: at run time only the first app's words are seen, in both."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    wrong = []
    for app in app_folders() if apps is None else apps:
        for key, message in _by_key(_read(app / CATALOGUE)).items():
            first, words = seen.setdefault(key, (app.name, _translation(message)))
            if _translation(message) and words and words != _translation(message):
                wrong.append(Fault("clash", app.name, key[0], f"{first} says {words}, here it is {_translation(message)}"))
    return wrong


def chinese_in_templates(app: Path) -> list[str]:
    """Lines of templates with Chinese words that nobody can translate: file:line: the words. A language's own name may stand."""
    found = []
    for path in sorted(app.rglob("templates/**/*.*")):
        text = path.read_text(encoding="utf-8")
        for pattern in (NOT_SHOWN, IN_CHINESE):
            text = pattern.sub(lambda match: "\n" * match[0].count("\n"), text)
        lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if HAN.search(line)]
        found += [f"{path.relative_to(app)}:{number}: {line[:80]}" for number, line in lines]
    return found


def _judge(found: Found, message: Message | None) -> tuple[str, str]:
    """What is wrong with MESSAGE as the translation of FOUND: a code and a note, or two empty strings."""
    if message is None or not _translation(message):
        return "missing", ""
    if message.fuzzy:
        return "fuzzy", ""
    is_plural = not isinstance(message.id, str)
    if is_plural != bool(found.plural):
        return "plural", "the catalogue has it without plural" if found.plural else "the catalogue has it with plural"
    wanted, given = _marks(found.plural or found.msgid), _marks(_translation(message))
    if wanted != given:
        return "placeholders", f"wanted {' '.join(wanted) or 'none'}, found {' '.join(given) or 'none'}"
    return "", ""


def _marks(text: str) -> list[str]:
    return sorted({mark[-2:] if mark.startswith("%%") else mark for mark in PLACEHOLDER.findall(text)})


# ---------------------------------------------------------------- command


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m groundswell.server.messages", description="Keep the Chinese catalogues.")
    parser.add_argument("verb", choices=("update", "compile", "check"))
    parser.add_argument("apps", nargs="*", metavar="APP", help="folders of apps, as spine or portal (default: all)")
    args = parser.parse_args(argv)
    every = app_folders()
    chosen = [app for app in every if app.name in args.apps or not args.apps]
    if unknown := set(args.apps) - {app.name for app in every}:
        parser.error(f"no app {', '.join(sorted(unknown))}; there are {', '.join(app.name for app in every)}")
    return {"update": _update, "compile": _compile, "check": _check}[args.verb](chosen, every)


def _update(chosen: Sequence[Path], every: Sequence[Path]) -> int:
    for app in chosen:
        came, went = update(app, every)
        left = len(missing([app]))
        print(f"{app.name}: {came} new, {went} gone, {left} to translate")
    return 0


def _compile(_chosen: Sequence[Path], _every: Sequence[Path]) -> int:
    print(f"{len(compile_all())} catalogues compiled")
    return 0


def _check(chosen: Sequence[Path], _every: Sequence[Path]) -> int:
    wrong = [str(fault) for app in chosen for fault in faults(app)] + [str(fault) for fault in clashes(chosen)]
    wrong += [f"{app.name}: chinese: {line}" for app in chosen for line in chinese_in_templates(app)]
    print("\n".join(wrong) if wrong else "All messages are translated.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
