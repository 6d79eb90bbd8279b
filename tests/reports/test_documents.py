"""Word, PDF and HTML: the same words in the same order, safe against what sources write, equal bytes for equal input."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import lxml.html
import pypdfium2
import pytest
from docx.oxml.ns import qn
from lxml import etree

from groundswell.reports import fonts, pdf
from groundswell.reports.docx import brief_docx
from groundswell.reports.html import brief_html
from groundswell.reports.pdf import brief_pdf
from tests.reports.briefs import HOSTILE, PICTURE, county, english_draft, hostile

AT = datetime(2026, 11, 23, 8, 50, tzinfo=UTC)
BRIEFS = {"county": county, "english draft": english_draft, "with a picture": lambda: county((PICTURE,)), "hostile": hostile}


def squeeze(text: str) -> str:
    """The words without blanks, page numbers and the hyphen marks that PDF readers put at line ends."""
    text = re.sub(r"—\s*\d+\s*—", "", text.replace("\u00ad", "-"))
    return re.sub(r"[\s\ufffe\u200b\x02]+", "", text)


def docx_words(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    out = []
    for block in document.iter_inner_content():
        out += [block.text] if hasattr(block, "text") else [cell.text for row in block.rows for cell in row.cells]
    return squeeze("\n".join(out))


def pdf_words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return squeeze("\n".join(page.get_textpage().get_text_range() for page in document))


def html_words(page: str) -> str:
    return squeeze(lxml.html.document_fromstring(page).find("body").text_content())


@pytest.mark.parametrize("name", ["county", "english draft", "with a picture"])
def test_the_three_say_the_same(name):
    brief = BRIEFS[name]()
    word, print_, page = docx_words(brief_docx(brief, AT)), pdf_words(brief_pdf(brief, AT)), html_words(brief_html(brief))
    assert len(word) > 150
    assert word == page
    assert print_.replace("-", "") == page.replace("-", "")  # readers take a hyphen at a line's end for a division


def test_the_three_say_the_same_of_hostile_text():
    """Every sign of the text is still there in all three, as text; PDF readers may order odd signs differently, so they are counted."""
    brief = hostile()
    word, page = docx_words(brief_docx(brief)), html_words(brief_html(brief))
    assert word == page
    assert page.count("<script>alert(1)</script>") >= 10
    assert '#panic("x")$x$*b*_i_@ref\\u{0}`raw`' in page
    assert "\u202e" not in page
    print_ = pdf_words(brief_pdf(brief))
    assert sorted(print_) == sorted(page)


@pytest.mark.parametrize("name", BRIEFS)
def test_equal_input_gives_equal_bytes(name):
    brief = BRIEFS[name]()
    assert brief_docx(brief, AT) == brief_docx(brief, AT)
    assert brief_pdf(brief, AT) == brief_pdf(brief, AT)
    assert brief_pdf(brief, AT) != brief_pdf(brief, datetime(2026, 11, 24, tzinfo=UTC))


def test_word_does_not_tell_when_it_was_packed():
    with zipfile.ZipFile(io.BytesIO(brief_docx(county()))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# ---------------------------------------------------------------- Word


def test_word_measures_of_the_standard():
    document = docx.Document(io.BytesIO(brief_docx(county())))
    section = document.sections[0]
    millimetres = [
        round(value.mm)
        for value in (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
    ]
    assert millimetres == [210, 297, 37, 35, 28, 26]
    body = document.styles["Normal"]
    assert body.font.size.pt == 16
    assert body.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert 28 <= body.paragraph_format.line_spacing.pt <= 29
    assert body.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    title = document.paragraphs[0]
    assert title.style.font.color.rgb == docx.shared.RGBColor(0xC3, 0x17, 0x1D)
    assert title.style.element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    instructions = section.footer._element.findall(".//" + qn("w:instrText"))
    assert [node.text.strip() for node in instructions] == ["PAGE"]
    assert [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")][:2] == ["Heading 1", "Heading 2"]


def test_word_properties_are_ours():
    document = docx.Document(io.BytesIO(brief_docx(county(), AT)))
    properties = document.core_properties
    assert (properties.title, properties.author, properties.last_modified_by) == (
        "重要舆情摘要 第226期（总第1318期）",
        "云岭县网络舆情办公室",
        "李敏",
    )
    assert properties.created.replace(tzinfo=None) == AT.replace(tzinfo=None)
    assert properties.content_status == "Final"
    assert docx.Document(io.BytesIO(brief_docx(english_draft()))).core_properties.content_status == "Draft"


def test_word_carries_nothing_of_a_foreign_template():
    with zipfile.ZipFile(io.BytesIO(brief_docx(county()))) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)
    assert sorted(names) == [
        "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "word/_rels/document.xml.rels", "word/document.xml",
        "word/fontTable.xml", "word/footer1.xml", "word/settings.xml", "word/styles.xml",
    ]  # fmt: skip
    for junk in (b"python-docx", b"Macintosh", b"rsid", b"Light Shading"):
        assert junk not in everything


def test_word_is_well_formed_and_without_forbidden_characters_under_hostile_text():
    with zipfile.ZipFile(io.BytesIO(brief_docx(hostile()))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))  # raises on anything that is no XML
        links = archive.read("word/_rels/document.xml.rels").decode()
    assert "javascript:" not in links


ORDER = {  # as the schema of WordprocessingML lists them; Word repairs files that say them otherwise
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku "
    "wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
    "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike outline shadow color spacing w kern position sz szCs highlight u effect bdr shd "
    "fitText vertAlign rtl cs em lang",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "sectPr": "headerReference footerReference pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols docGrid",
    "style": "name aliases basedOn next link uiPriority semiHidden unhideWhenUsed qFormat locked pPr rPr tblPr",
    "font": "altName panose1 charset family notTrueType pitch sig",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol listSeparator",
}


def test_word_says_properties_in_the_order_of_the_schema():
    with zipfile.ZipFile(io.BytesIO(brief_docx(county((PICTURE,))))) as archive:
        parts = [etree.fromstring(archive.read(name)) for name in archive.namelist() if name.startswith("word/") and name.endswith(".xml")]
    checked = 0
    for kind, order in ORDER.items():
        for part in parts:
            for node in part.iter(qn(f"w:{kind}")):
                places = [order.split().index(etree.QName(child).localname) for child in node]
                assert places == sorted(places), etree.tostring(node)
                checked += 1
    assert checked > 80


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["with a picture", "hostile"])
def test_word_opens_in_libreoffice(name, tmp_path: Path):
    (tmp_path / "brief.docx").write_bytes(brief_docx(BRIEFS[name]()))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/home",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "brief.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    printed = pdf_words((tmp_path / "brief.pdf").read_bytes())
    words = docx_words((tmp_path / "brief.docx").read_bytes())
    if name == "hostile":
        assert printed.count("alert(1)") == words.count("alert(1)")
    else:
        assert printed.replace("-", "") == words.replace("-", "")  # readers take a hyphen at a line's end for a division


# ---------------------------------------------------------------- PDF


def test_pdf_is_tagged_and_archival():
    data = brief_pdf(county((PICTURE,)), AT)
    document = pypdfium2.PdfDocument(data)
    assert document.is_tagged()
    assert document.get_metadata_dict()["Title"] == "重要舆情摘要 第226期（总第1318期）"
    assert document.get_metadata_dict()["CreationDate"].startswith("D:20261123085000")
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    width, height = document[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)


def test_pdf_pages_are_numbered():
    document = pypdfium2.PdfDocument(brief_pdf(county((PICTURE,) * 4)))
    feet = [re.findall(r"— \d+ —", page.get_textpage().get_text_range()) for page in document]
    assert len(feet) > 1
    assert feet == [[f"— {n} —"] for n in range(1, len(feet) + 1)]


def test_without_a_chinese_font_the_package_is_named(monkeypatch):
    monkeypatch.setattr(fonts, "_installed", lambda: {"DejaVu Sans": Path("DejaVuSans.ttf")})
    assert fonts.find_chinese_font() is None
    with pytest.raises(fonts.NoChineseFont, match="fonts-noto-cjk"):
        brief_pdf(county())


def test_the_font_that_is_found_exists():
    found = fonts.find_chinese_font()
    assert found is not None
    assert found.is_file()


def test_no_word_of_a_brief_stands_in_the_typst_source():
    """Text travels as data: the template is the same for every brief and evaluates nothing."""
    source = pdf._TEMPLATE.read_text()
    assert "eval(" not in source
    assert "mode:" not in source


# ---------------------------------------------------------------- HTML


def test_page_runs_nothing_and_loads_nothing():
    for brief in (hostile(), county((PICTURE,))):
        page = lxml.html.document_fromstring(brief_html(brief))
        assert not page.xpath("//script | //iframe | //object | //embed | //link | //form | //svg")
        assert not page.xpath("//@*[starts-with(name(), 'on')] | //@style")
        assert all(source.startswith("data:image/svg+xml;base64,") for source in page.xpath("//img/@src"))
        assert all(address.startswith(("https://", "http://")) for address in page.xpath("//a/@href"))
    assert HOSTILE[:20] not in brief_html(hostile())


def test_page_says_its_language_and_structure():
    page = lxml.html.document_fromstring(brief_html(county((PICTURE,))))
    assert page.get("lang") == "zh-Hans"
    assert [len(page.xpath(f"//{tag}")) for tag in ("h1", "h2", "h3", "main", "title")] == [1, 3, 3, 1, 1]
    assert page.xpath("//img/@alt") == ["十六时后升温"]
    assert lxml.html.document_fromstring(brief_html(english_draft())).get("lang") == "en"
