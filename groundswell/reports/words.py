"""The fixed words of papers and charts, in simplified Chinese and English.

A document may be wanted in the other language than the screen's, so these words travel with the
reports and do not depend on the language that is active. Every public function that takes ``words``
accepts a language code (``zh-hans``, ``zh-Hans``, ``zh-CN``, ``en``, ``en-gb``) or a mapping with
the same keys; a mapping may hold only the keys that it changes, the rest comes from English.
"""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]

CHINESE: dict[str, str] = {
    "lang": "zh-Hans",
    # masthead
    "issue": "第{number}期",
    "issue_total": "第{number}期（总第{total}期）",
    "draft": "草稿，未编号",
    "classification": "内部资料 注意保存",
    "date": "{year}年{month}月{day}日",
    # body
    "section": "{numeral}、{title}",
    "item": "{number}. {title}",
    "item_level": "{title}（{level}）",
    "advice": "建议：",
    "figures": "数据：{figures}。",
    "figure": "{label}{value}",
    "figure_join": "，",
    "ending": "（{parts}）",
    "ending_join": "，",
    "reads": "阅{n}",
    "comments": "评{n}",
    "reposts": "转{n}",
    "stamp": "{month:02d}-{day:02d} {hour:02d}:{minute:02d}",
    "stamp_day": "{month:02d}-{day:02d}",
    "counts_join": " ",
    "sources": "来源",
    "source": "[{n}] {platform}，{time}",
    "empty": "本期无内容。",
    "chart": "图{n} {caption}",
    # foot
    "editor": "编辑：{name}",
    "checker": "审核：{name}",
    "signer": "签发：{name}",
    "report_to": "报：{names}",
    "send_to": "送：{names}",
    "issue_to": "发：{names}",
    "copies": "共印{n}份",
    "names_join": "，",
    "people_join": "　",
    "page": "— {n} —",
    # levels
    "level_1": "Ⅰ级",
    "level_2": "Ⅱ级",
    "level_3": "Ⅲ级",
    "level_4": "Ⅳ级",
    "level_1_name": "Ⅰ级 特别重大",
    "level_2_name": "Ⅱ级 重大",
    "level_3_name": "Ⅲ级 较大",
    "level_4_name": "Ⅳ级 一般",
    # text for a phone
    "text_time": "{month}月{day}日{hour:02d}:{minute:02d}",
    "text_day": "{month}月{day}日",
    "ellipsis": "……",
    # charts
    "chart_title": "每{bucket}新增条数与预测",
    "chart_title_plain": "每{bucket}新增条数",
    "chart_desc_observed": "{first_time}为{first}条，{last_time}为{last}条，最高{top_time}为{top}条。",
    "chart_desc_forecast": "预测中位数在{time}前后最高，约{median}条，80%区间{low}至{high}条。",
    "chart_desc_alert": "{label}{value}条。",
    "chart_empty": "还没有条目",
    "now": "现在 {time}",
    "median": "中位 {n}",
    "alert": "Ⅰ级警戒线",
    "alert_above": "{label} {value} ↑",
    "minutes": "{n}分钟",
    "half_hour": "半小时",
    "hour": "小时",
    "hours": "{n}小时",
    "day": "天",
    "days": "{n}天",
    "negative": "负面",
    "neutral": "中性",
    "positive": "正面",
    "split_label": "负面{neg}%，中性{neu}%，正面{pos}%",
    "health_label": "{n}格中{silent}格无数据，{low}格偏少",
    "ring_label": "剩余{percent}%",
    "spark_label": "最近{n}格，最高{top}条，最新{last}条",
    "tile": "{name}：{count}条",
}

ENGLISH: dict[str, str] = {
    "lang": "en",
    "issue": "Issue {number}",
    "issue_total": "Issue {number} ({total} in all)",
    "draft": "Draft, not numbered",
    "classification": "Internal, keep safe",
    "date": "{day} {month_name} {year}",
    "section": "{numeral}. {title}",
    "item": "{number}. {title}",
    "item_level": "{title} ({level})",
    "advice": "Advice: ",
    "figures": "Figures: {figures}.",
    "figure": "{label} {value}",
    "figure_join": ", ",
    "ending": " ({parts})",
    "ending_join": ", ",
    "reads": "{n} reads",
    "comments": "{n} comments",
    "reposts": "{n} reposts",
    "stamp": "{day} {month_short} {hour:02d}:{minute:02d}",
    "stamp_day": "{day} {month_short}",
    "counts_join": ", ",
    "sources": "Sources",
    "source": "[{n}] {platform}, {time}",
    "empty": "Nothing in this issue.",
    "chart": "Figure {n}. {caption}",
    "editor": "Editor: {name}",
    "checker": "Checked: {name}",
    "signer": "Signed: {name}",
    "report_to": "Reported to: {names}",
    "send_to": "Sent to: {names}",
    "issue_to": "Issued to: {names}",
    "copies": "{n} copies printed",
    "names_join": ", ",
    "people_join": "    ",
    "page": "— {n} —",
    "level_1": "Level I",
    "level_2": "Level II",
    "level_3": "Level III",
    "level_4": "Level IV",
    "level_1_name": "Level I, critical",
    "level_2_name": "Level II, major",
    "level_3_name": "Level III, serious",
    "level_4_name": "Level IV, minor",
    "text_time": "{day} {month_short} {hour:02d}:{minute:02d}",
    "text_day": "{day} {month_short}",
    "ellipsis": "…",
    "chart_title": "New items per {bucket}, with forecast",
    "chart_title_plain": "New items per {bucket}",
    "chart_desc_observed": "{first} at {first_time}, {last} at {last_time}; the most was {top} at {top_time}.",
    "chart_desc_forecast": "The median forecast is highest at about {median} around {time}, 80% range {low} to {high}.",
    "chart_desc_alert": "{label} at {value}.",
    "chart_empty": "No items yet",
    "now": "now {time}",
    "median": "median {n}",
    "alert": "Level I alert line",
    "alert_above": "{label} {value} ↑",
    "minutes": "{n} minutes",
    "half_hour": "half hour",
    "hour": "hour",
    "hours": "{n} hours",
    "day": "day",
    "days": "{n} days",
    "negative": "negative",
    "neutral": "neutral",
    "positive": "positive",
    "split_label": "{neg}% negative, {neu}% neutral, {pos}% positive",
    "health_label": "{silent} of {n} cells without data, {low} below usual",
    "ring_label": "{percent}% left",
    "spark_label": "last {n} intervals, highest {top}, latest {last}",
    "tile": "{name}: {count} items",
}

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]

_DIGITS = "零一二三四五六七八九"


def words_of(words: str | Words) -> Words:
    """The full table for a language code, or a mapping filled up from English.

    Any code that starts with ``zh`` is Chinese, everything else English."""
    if isinstance(words, str):
        return CHINESE if words.lower().startswith("zh") else ENGLISH
    return {**words_of(words.get("lang", "en")), **words}


def section_numeral(n: int, words: Words) -> str:
    """The numeral before a section's title: 一, 二 … 十一 in Chinese, I, II … in English; ``n`` from 1 to 99."""
    if words["lang"].startswith("zh"):
        tens, ones = divmod(n, 10)
        head = {0: "", 1: "十"}.get(tens, _DIGITS[tens] + "十")
        return head + (_DIGITS[ones] if ones else "")
    roman = ((90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    out = ""
    for value, letters in roman:
        count, n = divmod(n, value)
        out += letters * count
    return out
