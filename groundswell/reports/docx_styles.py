"""The styles, settings and font substitutes of the Word file, as the XML that Word reads."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from docx.oxml.ns import nsdecls

from groundswell.reports import look

_W = nsdecls("w")

SETTINGS_XML = (
    f"<w:settings {_W}>"
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="{lang}"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
    "</w:settings>"
)

APP_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Groundswell</Application><DocSecurity>0</DocSecurity></Properties>"
)


def _substitutes(faces: tuple[str, ...], family: str) -> str:
    names = quoteattr(",".join(faces[1:]))
    return (
        f'<w:font w:name="{faces[0]}"><w:altName w:val={names}/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
    )


FONT_TABLE_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f"<w:fonts {_W}>"
    '<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    + _substitutes(look.FANGSONG, "roman")
    + _substitutes(look.BIAOSONG, "roman")
    + _substitutes(look.HEITI, "swiss")
    + "</w:fonts>"
)

# name, id, face, size in points, bold, colour, paragraph properties
_Style = tuple[str, str, tuple[str, ...], float, bool, str, str]


def _styles(lang: str, title: str) -> list[_Style]:
    chinese = lang == "zh-Hans"
    hanging = '<w:overflowPunct w:val="1"/>'  # Word's own default, said aloud: LibreOffice 7 loses a mark at a line's end without it
    indent = '<w:ind w:firstLineChars="200" w:firstLine="640"/>' if chinese else ""
    justify = '<w:jc w:val="both"/>' if chinese else '<w:jc w:val="left"/>'
    line, section_line = _line(look.LINE_PT), _line(look.LINE_PT, before=4)
    outline = ('<w:outlineLvl w:val="0"/>', '<w:outlineLvl w:val="1"/>')
    hang = '<w:ind w:left="480" w:hanging="480"/>'
    right_tab = f'<w:tabs><w:tab w:val="right" w:pos="{round(look.TYPE_WIDTH_PT * 20)}"/></w:tabs>'
    head_pt = look.masthead_pt(title)
    imprint_pt = look.BODY_PT if chinese else look.SMALL_PT
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="24" w:space="6" w:color="{look.RED}"/></w:pBdr>'
    red, ink, grey = look.RED, look.INK, look.GREY
    body, head, black = look.FANGSONG, look.BIAOSONG, look.HEITI
    # fmt: off
    return [
        ("Title", "Title", head, head_pt, True, red, f'{_line(head_pt * 1.35)}<w:jc w:val="center"/>'),
        ("Issue", "Issue", body, look.ISSUE_PT, False, ink, f'{_line(look.LINE_PT, before=8, after=6)}<w:jc w:val="center"/>'),
        ("Classification", "Classification", body, look.SMALL_PT, False, grey, _line(24)),
        ("Imprint", "Imprint", body, imprint_pt, False, ink, f"<w:keepNext/>{rule}{right_tab}{_line(look.LINE_PT, after=14)}"),
        ("heading 1", "Heading1", black, look.BODY_PT, not chinese, ink, f"<w:keepNext/>{section_line}{indent}{outline[0]}"),
        ("heading 2", "Heading2", body, look.BODY_PT, True, ink, f"<w:keepNext/>{line}{indent}{outline[1]}"),
        ("Figures", "Figures", body, look.NOTE_PT, False, grey, f"{_line(22, after=4)}{indent.replace('640', '480')}"),
        ("Picture", "Picture", body, look.NOTE_PT, False, ink, '<w:keepNext/><w:spacing w:before="120"/><w:jc w:val="center"/>'),
        ("caption", "Caption", body, look.NOTE_PT, False, grey, f'{_line(20, after=8)}<w:jc w:val="center"/>'),
        ("Sources heading", "SourcesHeading", black, look.SMALL_PT, not chinese, ink, f"<w:keepNext/>{_line(24, before=16, after=2)}"),
        ("Source", "Source", body, look.NOTE_PT, False, ink, f'{_line(20)}{hang}<w:jc w:val="left"/>'),
        ("Foot", "Foot", body, look.SMALL_PT, False, ink, '<w:spacing w:before="40" w:after="40"/>'),
        ("Copies", "Copies", body, look.SMALL_PT, False, ink, '<w:spacing w:before="40" w:after="40"/><w:jc w:val="right"/>'),
        ("Gap", "Gap", body, look.NOTE_PT, False, ink, f"<w:keepNext/>{_line(28)}"),
        ("After", "After", body, 1.0, False, ink, _line(1)),
        ("footer", "Footer", body, look.SMALL_PT, False, ink, '<w:jc w:val="center"/>'),
        ("Normal", "Normal", body, look.BODY_PT, False, ink, f"<w:widowControl/>{hanging}{line}{indent}{justify}"),
    ]
    # fmt: on


def _line(points: float, before: float = 0, after: float = 0) -> str:
    """Exact line spacing and the space before and after, in points."""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" w:line="{round(points * 20)}" w:lineRule="exact"/>'


def styles_xml(lang: str, title: str) -> str:
    """All styles of the paper in ``lang`` (zh-Hans or en); the masthead's size follows the length of ``title``."""
    spacing = round(look.masthead_spacing(title) * look.masthead_pt(title) * 20)
    east = "zh-CN"
    west = "en-US" if lang == "zh-Hans" else "en-GB"  # Chinese here would break Latin words and times anywhere
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(look.FANGSONG)}"
        f'<w:lang w:val="{west}" w:eastAsia="{east}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    fixed = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblCellMar>'
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/></w:style>'
    )
    own = "".join(_style(style, spacing if style[0] == "Title" else 0) for style in _styles(lang, title))
    return f"<w:styles {_W}>{defaults}{own}{fixed}</w:styles>"


def _fonts(faces: tuple[str, ...]) -> str:
    return f'<w:rFonts w:ascii="{look.LATIN[0]}" w:hAnsi="{look.LATIN[0]}" w:cs="{look.LATIN[0]}" w:eastAsia="{faces[0]}"/>'


def _style(style: _Style, spacing: int) -> str:
    name, key, faces, points, bold, colour, paragraph = style
    weight = "<w:b/>" if bold else ""
    apart = f'<w:spacing w:val="{spacing}"/>' if spacing else ""
    default = ' w:default="1"' if key == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{key}"><w:name w:val="{name}"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr>"
        f'<w:rPr>{_fonts(faces)}{weight}<w:color w:val="{colour}"/>{apart}'
        f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/></w:rPr></w:style>'
    )
