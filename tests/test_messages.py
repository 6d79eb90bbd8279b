"""Both languages are complete: every message translated, its placeholders kept, Chinese plurals; and the tool that keeps it so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from groundswell.server import messages
from groundswell.server.messages import CATALOGUE, Found

APPS = messages.app_folders()
BY_NAME = pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)


@BY_NAME
def test_every_message_is_translated(app: Path) -> None:
    assert [str(fault) for fault in messages.faults(app)] == []


@BY_NAME
def test_templates_hold_no_chinese_of_their_own(app: Path) -> None:
    assert messages.chinese_in_templates(app) == []


@BY_NAME
def test_catalogues_hold_nothing_that_the_code_no_longer_says(app: Path) -> None:
    known = set(messages._by_key(messages._read(app / CATALOGUE)))
    assert sorted(known - {each.key for each in messages.extract(app)}) == []


def test_two_apps_say_the_same_thing_in_the_same_words() -> None:
    assert [str(fault) for fault in messages.clashes()] == []


def test_words_for_people_stand_in_apps_only() -> None:
    outside = [path for path in messages.PACKAGE.rglob("*.py") if not any(path.is_relative_to(app) for app in APPS)]
    wrong = [path for path in outside if re.search(r"import .*\b[np]*gettext", path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(messages.PACKAGE)) for path in wrong] == [], "no catalogue would hold their messages"


def test_the_running_program_speaks_chinese() -> None:
    messages.compile_all()
    with translation.override("zh-hans"):
        assert translation.gettext("There is nothing to take back.") == "没有可撤销的操作。"


# ---------------------------------------------------------------- the tool

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, npgettext_lazy, pgettext
one = _("Save")
two = gettext_lazy("Joined " "words")
three = ngettext("%(n)s item", "%(n)s items", 2)
four = pgettext("month", "May")
five = npgettext_lazy("row", "%(n)s line", "%(n)s lines")
six = _(one)
# _("In a comment")
"""
TEMPLATE = """{% load i18n %}{# translators: 不译 #}
<p lang="zh-Hans">中文</p> {% translate "Open" %}   {% translate "May" context "verb" as may %}
{{ value|default:_("Nothing yet") }}
  {% blocktranslate count n=rows|length trimmed %}
    {{ n }} row
  {% plural %}
    {{ n }} rows
{% endblocktranslate %} <b title="{% translate 'It’s “quoted”' %}">'unbalanced</b>
{% comment %}{% translate "Left out" %}{% endcomment %}
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    (folder / "templates" / "app").mkdir(parents=True)
    (folder / "views.py").write_text(CODE, encoding="utf-8")
    (folder / "templates" / "app" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return folder


EXPECTED = {
    Found("Save"),
    Found("Joined words"),
    Found("%(n)s item", "%(n)s items"),
    Found("May", "", "month"),
    Found("%(n)s line", "%(n)s lines", "row"),
    Found("Open"),
    Found("May", "", "verb"),
    Found("Nothing yet"),
    Found("%(n)s row", "%(n)s rows"),
    Found("It’s “quoted”"),
}


def test_messages_are_found_in_code_and_templates(app: Path) -> None:
    found = messages.extract(app)
    assert found == EXPECTED
    assert {each.locations for each in found if each.msgid == "Open"} == {("templates/app/page.html:2",)}
    assert {each.locations for each in found if each.msgid == "Save"} == {("views.py:3",)}


def test_update_keeps_translations_takes_others_and_drops_what_is_gone(app: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    _catalogue(other, 'msgid "Open"\nmsgstr "打开"\n')
    _catalogue(
        app,
        'msgid "Save"\nmsgstr "保存"\n\nmsgid "Old"\nmsgstr "旧"\n\nmsgid "%(n)s item"\nmsgid_plural "%(n)s items"\nmsgstr[0] "%(n)s条"\n',
    )
    assert messages.update(app, [app, other]) == (8, 1)
    text = (app / CATALOGUE).read_text(encoding="utf-8")
    for words in ('msgstr "保存"', 'msgstr "打开"', 'msgstr[0] "%(n)s条"', "nplurals=1", 'msgctxt "month"'):
        assert words in text
    assert "Old" not in text
    assert {fault.msgid for fault in messages.missing([app])} == {each.msgid for each in EXPECTED} - {"Save", "Open", "%(n)s item"}
    assert messages.update(app) == (0, 0)
    assert (app / CATALOGUE).read_text(encoding="utf-8") == text, "a second run changes nothing"


@pytest.mark.parametrize(
    ("code", "entry", "fault"),
    [
        ('_("Save")', 'msgid "Save"\nmsgstr ""\n', "missing"),
        ('_("Save")', '#, fuzzy\nmsgid "Save"\nmsgstr "保存"\n', "fuzzy"),
        ('_("Save")', 'msgid "Save"\nmsgstr "保存"\n', ""),
        ('_("%(n)s of %(all)s")', 'msgid "%(n)s of %(all)s"\nmsgstr "%(n)s"\n', "placeholders"),
        ('_("%(n)s of %(all)s")', 'msgid "%(n)s of %(all)s"\nmsgstr "%(all)s之%(n)s"\n', ""),
        ('_("Dear {name}")', 'msgid "Dear {name}"\nmsgstr "{nama}："\n', "placeholders"),
        ('_("%d pages")', 'msgid "%d pages"\nmsgstr "%s页"\n', "placeholders"),
        ('_("100%% sure")', 'msgid "100%% sure"\nmsgstr "完全确定"\n', ""),
        ('ngettext("One item", "%(n)s items", 2)', 'msgid "One item"\nmsgid_plural "%(n)s items"\nmsgstr[0] "%(n)s条"\n', ""),
        ('ngettext("One item", "%(n)s items", 2)', 'msgid "One item"\nmsgid_plural "%(n)s items"\nmsgstr[0] "若干条"\n', "placeholders"),
        (
            'ngettext("%(n)s a", "%(n)s b", 2)',
            'msgid "%(n)s a"\nmsgid_plural "%(n)s b"\nmsgstr[0] "%(n)s"\nmsgstr[1] "%(n)s"\n',
            "unreadable",
        ),
        ('ngettext("%(n)s a", "%(n)s b", 2)', 'msgid "%(n)s a"\nmsgstr "%(n)s"\n', "plural"),
        ('_("保存")', 'msgid "保存"\nmsgstr "保存"\n', "chinese_msgid"),
        ('_("Write it as “一、元旦”")', 'msgid "Write it as “一、元旦”"\nmsgstr "写作“一、元旦”"\n', ""),
    ],
)
def test_faults_of_translations(tmp_path: Path, code: str, entry: str, fault: str) -> None:
    _catalogue(tmp_path, entry)
    (tmp_path / "views.py").write_text(f"words = {code}\n", encoding="utf-8")
    assert [each.code for each in messages.faults(tmp_path)] == ([fault] if fault else [])


def test_a_wrong_header_a_broken_file_and_a_clash(tmp_path: Path) -> None:
    one, other, broken = tmp_path / "one", tmp_path / "other", tmp_path / "broken"
    _catalogue(one, 'msgid "Save"\nmsgstr "保存"\n', header='msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n != 1;\\n"\n\n')
    _catalogue(other, 'msgid "Save"\nmsgstr "存盘"\n')
    _catalogue(broken, 'msgid "Save"\nmsgstr "保存"\nnonsense\n')
    (one / "views.py").write_text('_("Save")', encoding="utf-8")
    assert [fault.code for fault in messages.faults(one)] == ["header"]
    assert [fault.code for fault in messages.faults(broken)] == ["unreadable"]
    assert [(fault.code, fault.msgid) for fault in messages.clashes([one, other])] == [("clash", "Save")]


def test_chinese_in_a_template_is_seen(app: Path) -> None:
    assert messages.chinese_in_templates(app) == []
    page = app / "templates" / "app" / "more.html"
    page.write_text('<p>\n<b>保存</b> <a lang="zh-Hans">中文</a>\n', encoding="utf-8")
    assert messages.chinese_in_templates(app) == ["templates/app/more.html:2: <b>保存</b>"]


def test_the_command_names_an_unknown_app(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        messages.main(["check", "no-such-app"])
    assert "no app no-such-app" in capsys.readouterr().err


def _catalogue(folder: Path, entries: str, header: str = messages.HEADER) -> None:
    path = folder / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + entries, encoding="utf-8")
