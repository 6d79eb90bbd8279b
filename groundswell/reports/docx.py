"""Writes a brief as a Word file: red-head paper in the measures of GB/T 9704, opened without repair.

The file carries its own few styles, no parts of a foreign template, and the same bytes for the same
brief and stamp. All text passes ``reports.clean`` on its way into the sheet.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from groundswell.reports import look
from groundswell.reports.clean import one_line
from groundswell.reports.docx_styles import APP_XML, FONT_TABLE_XML, SETTINGS_XML, styles_xml
from groundswell.reports.paper import Brief
from groundswell.reports.raster import svg_png
from groundswell.reports.sheet import Picture, Run, Sheet, SheetItem, compose

_JUNK = ("/customXml", "/numbering", "/webSettings", "/theme", "/stylesWithEffects", "/thumbnail")


def brief_docx(brief: Brief, at: datetime | None = None) -> bytes:
    """The Word file of a brief.

    ``at`` (aware) is written as the time of making; without it the brief's own day is, so that the
    same brief always gives the same bytes."""
    at = at or datetime(brief.date.year, brief.date.month, brief.date.day, tzinfo=UTC)
    return sheet_docx(compose(brief), at, editor=one_line(brief.editor), category=one_line(brief.series))


def sheet_docx(sheet: Sheet, at: datetime, *, editor: str = "", category: str = "") -> bytes:
    """The Word file of finished words, made ``at`` (aware)."""
    document = _blank(sheet)
    _page(document, sheet)
    _head(document, sheet)
    _body(document, sheet)
    _foot(document, sheet)
    _properties(document, sheet, at, editor, category)
    return _packed(document)


def _blank(sheet: Sheet) -> Document:
    """An empty document with our styles, settings and fonts only."""
    document = docx.Document()
    part, package = document.part, document.part.package
    for owner in (part, package):
        for key, rel in list(owner.rels.items()):
            if rel.reltype.endswith(_JUNK):
                del owner.rels[key]
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    for child in list(parse_xml(styles_xml(sheet.lang, sheet.title))):
        styles.append(child)
    settings = document.settings.element
    for child in list(settings):
        settings.remove(child)
    for child in list(parse_xml(SETTINGS_XML.format(lang="zh-CN" if sheet.lang == "zh-Hans" else "en-GB"))):
        settings.append(child)
    _replace(part, REL.FONT_TABLE, FONT_TABLE_XML)
    _replace(package, REL.EXTENDED_PROPERTIES, APP_XML)
    return document


def _replace(owner: Any, reltype: str, xml: str) -> None:
    for rel in owner.rels.values():
        if rel.reltype == reltype:
            rel.target_part._blob = xml.encode()


def _page(document: Document, sheet: Sheet) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(look.TOP_MM), Mm(look.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(look.LEFT_MM), Mm(look.RIGHT_MM)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    for key in [key for key in section._sectPr.attrib if "rsid" in key]:
        del section._sectPr.attrib[key]
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)
    paragraph = section.footer.paragraphs[0]
    paragraph.style = document.styles["footer"]
    _run(paragraph, "— ", sheet)
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
        run = _run(paragraph, text if kind == "text" else "", sheet)
        if kind == "":
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run.append(instruction)
        elif kind != "text":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run.append(mark)
    _run(paragraph, " —", sheet)


def _head(document: Document, sheet: Sheet) -> None:
    _paragraph(document, "Title", [Run(sheet.title)], sheet)
    _paragraph(document, "Issue", [Run(sheet.issue)], sheet)
    if sheet.classification:
        _paragraph(document, "Classification", [Run(sheet.classification)], sheet)
    _paragraph(document, "Imprint", [Run(f"{sheet.office}\t{sheet.date}")], sheet)


def _body(document: Document, sheet: Sheet) -> None:
    for section in sheet.sections:
        _paragraph(document, "heading 1", [Run(section.heading)], sheet)
        for item in section.items:
            _item(document, item, sheet)
    if sheet.empty:
        _paragraph(document, "Normal", [Run(sheet.empty)], sheet)
    for picture in sheet.pictures:
        _picture(document, picture, sheet)
    if sheet.sources:
        _paragraph(document, "Sources heading", [Run(sheet.sources_heading)], sheet)
    for place, source in enumerate(sheet.sources, 1):
        paragraph = _paragraph(document, "Source", [Run(source.text)], sheet)
        paragraph.paragraph_format.keep_with_next = True if place >= len(sheet.sources) - 1 else None  # no foot alone on a page
        if source.url:
            _run(paragraph, " ", sheet)
            _link(paragraph, source.url, sheet)


def _item(document: Document, item: SheetItem, sheet: Sheet) -> None:
    _paragraph(document, "heading 2", [Run(item.title)], sheet)
    for runs in item.paragraphs:
        _paragraph(document, "Normal", runs, sheet)
    if item.figures:
        _paragraph(document, "Figures", [Run(item.figures)], sheet)
    for picture in item.pictures:
        _picture(document, picture, sheet)


def _picture(document: Document, picture: Picture, sheet: Sheet) -> None:
    paragraph = document.add_paragraph(style="Picture")
    paragraph.add_run().add_picture(io.BytesIO(svg_png(picture.svg)), width=Mm(look.TYPE_WIDTH_MM))
    properties = paragraph._p.find(".//" + qn("wp:docPr"))
    if properties is not None:
        properties.set("name", picture.caption)
        properties.set("descr", picture.alt)
    _paragraph(document, "caption", [Run(picture.caption)], sheet)


def _foot(document: Document, sheet: Sheet) -> None:
    """The block at the end: who edited, checked and signed, who gets it, how many copies; ruled as 版记 is."""
    rows = [row for row in (_people(sheet.people, sheet), *sheet.lists, sheet.copies) if row]
    if not rows:
        return
    _paragraph(document, "Gap", [], sheet)
    table = document.add_table(len(rows), 1)
    after = table._tbl.tblPr.find(qn("w:tblLayout"))
    after = table._tbl.tblPr.find(qn("w:tblLook")) if after is None else after
    after.addprevious(_table_borders())  # the schema knows one order
    for place, (row, text) in enumerate(zip(table.rows, rows, strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        paragraph = row.cells[0].paragraphs[0]
        paragraph.style = document.styles["Copies" if text == sheet.copies else "Foot"]
        paragraph.paragraph_format.keep_with_next = place < len(rows) - 1
        _run(paragraph, text, sheet)
    _paragraph(document, "After", [], sheet)


def _people(people: tuple[str, ...], sheet: Sheet) -> str:
    """Editor, checker and signer on one line."""
    return ("　　" if sheet.lang == "zh-Hans" else "    ").join(people)


def _table_borders() -> Any:
    lines = {"top": 8, "left": 0, "bottom": 8, "right": 0, "insideH": 4, "insideV": 0}
    edges = "".join(
        f'<w:{edge} w:val="{"single" if size else "nil"}" w:sz="{size}" w:space="0" w:color="{look.INK}"/>' for edge, size in lines.items()
    )
    return parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>")


def _paragraph(document: Document, style: str, runs: Any, sheet: Sheet) -> Any:
    paragraph = document.add_paragraph(style=style)
    for run in runs:
        _run(paragraph, run.text, sheet, run.look)
    return paragraph


def _run(paragraph: Any, text: str, sheet: Sheet, style: str = "") -> Any:
    """Adds a run and returns its element. The hint gives “ ” — … the Chinese face where the paper is Chinese."""
    run = paragraph.add_run(text)
    run.bold = True if style == "bold" else None
    run.font.superscript = True if style == "cite" else None
    if sheet.lang == "zh-Hans":
        fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:hint"), "eastAsia")
    return run._r


def _link(paragraph: Any, url: str, sheet: Sheet) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, REL.HYPERLINK, is_external=True))
    run = _run(paragraph, url, sheet)
    paragraph._p.remove(run)
    link.append(run)
    paragraph._p.append(link)


def _properties(document: Document, sheet: Sheet, at: datetime, editor: str, category: str) -> None:
    properties = document.core_properties
    at = at.astimezone(UTC).replace(tzinfo=None)
    properties.title = f"{sheet.title} {sheet.issue}"
    properties.subject = sheet.classification
    properties.author = sheet.office
    properties.last_modified_by = editor or sheet.office
    properties.keywords = sheet.keywords
    properties.category = category
    properties.comments = ""
    properties.language = "zh-CN" if sheet.lang == "zh-Hans" else "en-GB"
    properties.revision = 1
    properties.created = properties.modified = at
    properties.content_status = "Draft" if sheet.draft else "Final"


def _packed(document: Document) -> bytes:
    """The file's bytes with its members in a fixed order and without the time of writing."""
    raw = io.BytesIO()
    document.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            fixed = zipfile.ZipInfo(member.filename, date_time=(1980, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o600 << 16
            new.writestr(fixed, old.read(member))
    return out.getvalue()
