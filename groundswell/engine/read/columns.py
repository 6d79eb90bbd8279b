"""What columns are called, in Chinese and English, and which field each means."""
# ruff: noqa: E501 (a pattern or a table stays one line)

from __future__ import annotations

import re

FIELDS: dict[str, str] = {
    "id": "id 编号 序号 标识 消息id itemid postid 唯一标识 guid key",
    "title": "title 标题 题目 主题 留言主题 headline subject 文章标题 新闻标题 帖子标题",
    "text": "text 正文 内容 全文 文本 content body 留言详情 留言内容 详情 摘要内容 message 微博内容 帖子内容 原文 正文内容 博文",
    "url": "url 链接 网址 地址 原文链接 link href 原文地址 文章链接 来源链接 网页地址",
    "published_at": "published_at published publishedat 发布时间 时间 日期 发表时间 发布日期 留言时间 date time datetime pubdate created_at createdat timestamp 发帖时间 发文时间 publish_time",
    "author": "author 作者 发布者 用户 昵称 用户名 发布人 博主 作者名称 留言用户 留言人 screen_name username nickname 账号 发布账号",
    "source": "source 来源 媒体 平台 站点 网站 媒体名称 来源网站 信源 site platform media 渠道 发布平台",
    "reads": "reads 阅读 阅读量 阅读数 浏览 浏览量 点击 点击量 点击数 views view_count reads_count 播放量 播放数 pv",
    "comments": "comments 评论 评论数 评论量 回复 回复数 回帖数 comment_count replies reply_count 跟帖数",
    "reposts": "reposts 转发 转发数 转发量 转载 转载数 分享 分享数 shares repost_count forwards share_count",
    "likes": "likes 点赞 点赞数 赞 赞数 点赞量 like_count attitudes 支持数",
    "kind": "kind 类型 信息类型 type",
}
COUNTS = frozenset(("reads", "comments", "reposts", "likes"))
MEANING = {alias: field for field, aliases in FIELDS.items() for alias in aliases.split()}
BRACKETS = re.compile(r"[（(\[【].*?[)）\]】]\s*$")
SPACING = re.compile(r"[\s_\-：:*]+")
_FOLDED = {SPACING.sub("", alias): field for alias, field in MEANING.items()}


def field_of(column: str) -> str:
    """The field that COLUMN means, the name itself where none is known: 阅读量（次） → reads, "Published At" → published_at."""
    name = column.strip().lstrip("\ufeff").lower()
    known = MEANING.get(name) or _FOLDED.get(SPACING.sub("", name)) or _FOLDED.get(SPACING.sub("", BRACKETS.sub("", name)))
    return known or column.strip().lstrip("\ufeff")


def fields_of(columns: list[str]) -> list[str]:
    """The fields of a head line; the first column that means a field has it, later ones keep their own name."""
    taken: set[str] = set()
    fields: list[str] = []
    for column in columns:
        field = field_of(column)
        if field in taken:
            field = column.strip() if column.strip() not in taken else f"{column.strip()} {len(fields) + 1}"
        taken.add(field)
        fields.append(field)
    return fields
