"""What a phone's "share" hands over: a link in the midst of an app's own words, whose platform and content are told apart."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec import Struct

URL = re.compile(r"https?://[^\s，。；、！？“”‘’（）【】《》<>\"']+", re.IGNORECASE)
BARE_URL = re.compile(
    r"(?<![\w.@/])(?:www\.[\w-]+\.[\w./?=&%#:+~-]+|(?:v\.douyin|v\.kuaishou|xhslink|b23|weibo|mp\.weixin\.qq)\.(?:com|tv)?/[\w./?=&%-]+)"
)
# (end of host, platform, channel)
PLATFORMS: tuple[tuple[str, str, str], ...] = (
    ("douyin.com", "抖音", "video"),
    ("iesdouyin.com", "抖音", "video"),
    ("kuaishou.com", "快手", "video"),
    ("gifshow.com", "快手", "video"),
    ("chenzhongtech.com", "快手", "video"),
    ("xhslink.com", "小红书", "other"),
    ("xiaohongshu.com", "小红书", "other"),
    ("bilibili.com", "哔哩哔哩", "video"),
    ("b23.tv", "哔哩哔哩", "video"),
    ("weishi.qq.com", "微视", "video"),
    ("ixigua.com", "西瓜视频", "video"),
    ("weibo.com", "微博", "microblog"),
    ("weibo.cn", "微博", "microblog"),
    ("mp.weixin.qq.com", "微信公众号", "blog"),
    ("channels.weixin.qq.com", "微信视频号", "video"),
    ("tieba.baidu.com", "百度贴吧", "forum"),
    ("zhihu.com", "知乎", "forum"),
    ("toutiao.com", "今日头条", "news"),
    ("douban.com", "豆瓣", "forum"),
    ("t.cn", "微博", "microblog"),
    ("x.com", "X", "microblog"),
    ("twitter.com", "X", "microblog"),
    ("facebook.com", "Facebook", "microblog"),
    ("youtube.com", "YouTube", "video"),
    ("youtu.be", "YouTube", "video"),
    ("tiktok.com", "TikTok", "video"),
)
SPOKEN = (("抖音", "抖音", "video"), ("快手", "快手", "video"), ("小红书", "小红书", "other"), ("微信", "微信", "other"))
# an app's own words around what was shared, and the account's name in them
CHATTER = (
    re.compile(r"^\s*+\d+(?:\.\d+)?\s*(?:[A-Za-z]{1,3}:/\s*)?(?:\d{1,2}/\d{1,2}\s*)?(?:[A-Za-z0-9@.]{2,8}\s+)?(?=复制打开)"),
    re.compile(
        r"复制(?:此消息|打开|这条信息|本条信息|此链接)[^，。！!\n]*?[，,]?\s*(?:打开)?【?(?:抖音|快手|小红书)】?(?:极速版|搜索|App|APP|app)?[，,]?\s*(?:直接)?(?:观看|查看)?(?:视频|精彩内容)?[！!。]*"
    ),
    re.compile(r"看看【[^】]{1,60}的(?:图文)?(?:作品|视频|直播|笔记|主页)】"),
    re.compile(r"^\s*+\d{0,3}\s*+[^\s，。]{1,30}?发布了一篇小红书笔记，快来看吧[！!]\s*(?:😆\s*\S+\s*😆)?"),
    re.compile(r"(?:直接观看|快来看吧|精彩内容)[！!。]?"),
    re.compile(r"\s\d{1,2}/\d{1,2}\s+[A-Za-z]{1,3}:/\s*\S*|(?:^|\s)[A-Za-z0-9]{1,4}:/(?=\s|$)|\s\S{1,6}@\S{1,6}\.\S{1,6}(?=\s|$)"),
    re.compile(r"（?分享自\s*@?[^\s（）]{1,30}）?|\(分享自[^)]{1,40}\)|来自\s*@[^\s]{1,30}"),
    re.compile(r"^[^\S\n]*+@?\S{1,30}的(?:微博视频|微博|快手视频|抖音视频)[^\S\n]*$", re.MULTILINE),
)


class Shared(Struct, frozen=True, kw_only=True):
    """The parts of what was shared or pasted; "" where there is none."""

    url: str = ""
    title: str = ""
    text: str = ""
    platform: str = ""
    channel: str = ""


def read_share(text: str, *, title: str = "", url: str = "") -> Shared:
    """TEXT, TITLE and URL as an app hands them over, told apart. The app's own chatter, with the account's name in it, goes."""
    found = URL.search(url) or URL.search(text) or BARE_URL.search(text) or URL.search(title)
    link = found[0].rstrip(".,;:!?)") if found else ""
    if link and "://" not in link:
        link = f"https://{link}"
    platform, channel = platform_of(link) or _spoken(f"{title}\n{text}") or ("", "")
    said = _without_links(text)
    for pattern in CHATTER:
        said = pattern.sub(" ", said)
    said = re.sub(r"[ \t]{2,}", " ", said).strip(" \t\n，,")
    head = _without_links(title).strip()
    return Shared(
        url=link, title="" if head and said.startswith(head) and len(said) < 400 else head, text=said, platform=platform, channel=channel
    )


def platform_of(url: str) -> tuple[str, str] | None:
    """(platform, channel) of an address, None where its host is not known."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return None
    return next(((name, channel) for end, name, channel in PLATFORMS if host == end or host.endswith(f".{end}")), None)


def _spoken(text: str) -> tuple[str, str] | None:
    return next(((name, channel) for word, name, channel in SPOKEN if f"【{word}】" in text or f"打开{word}" in text), None)


def _without_links(text: str) -> str:
    return BARE_URL.sub(" ", URL.sub(" ", text))
