"""The reads behind entering by hand: the sources to choose from, what one entered today, one entry with what was judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.desk.accounts.models import User
from groundswell.desk.sources.models import Channel, Source
from groundswell.desk.spine.ports import local_now, now
from groundswell.desk.stream import queries as stream
from groundswell.desk.stream.models import Item

RECENT, RECENT_DAYS = 5, 14
TODAY_ROWS = 8


def sources_for(user: User) -> list[tuple[str | Promise, list[Source]]]:
    """Sources that people read, in groups: those USER entered from lately first, then by channel (index item_collected)."""
    rows = list(Source.objects.filter(kind="manual").exclude(state="retired").order_by("sort_key", "id"))
    mine = Item.objects.filter(entered_by=user, collected_at__gte=now() - timedelta(days=RECENT_DAYS), source__kind="manual")
    lately = {
        pk: place
        for place, pk in enumerate(
            mine.values_list("source").annotate(last=Max("collected_at")).order_by("-last").values_list("source", flat=True)[:RECENT]
        )
    }
    groups: list[tuple[str | Promise, list[Source]]] = []
    if lately:
        groups.append((_("Lately"), sorted((row for row in rows if row.pk in lately), key=lambda row: lately[row.pk])))
    for channel in Channel:
        some = [row for row in rows if row.channel == channel and row.pk not in lately]
        if some:
            groups.append((channel.label, some))
    return groups


def platforms() -> list[str]:
    """Names to choose from for "somewhere else": what was named before, then the usual ones."""
    named = list(Source.objects.filter(kind="manual", slug__startswith="other-").values_list("name", flat=True).order_by("-added_at")[:12])
    return list(
        dict.fromkeys([*named, "抖音", "快手", "小红书", "微信群", "微信视频号", "微信公众号", "QQ群", "微博", "百度贴吧", "哔哩哔哩"])
    )


def visible(user: User) -> QuerySet[Item]:
    """The entered items that USER may look at: those one may read, and one's own."""
    return Item.objects.filter(Q(pk__in=stream.readable(user).values("pk")) | Q(entered_by=user))


def entered_today(user: User) -> tuple[Sequence[Item], int]:
    """(the newest that USER entered today, how many in all)."""
    start = local_now().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Item.objects.filter(entered_by=user, collected_at__gte=start).exclude(reason=WITHDRAWN)
    count = rows.aggregate(n=Count("pk"))["n"]
    return list(rows.select_related("source", "story", "unit").defer("tokens", "signature", "judged").order_by("-id")[:TODAY_ROWS]), count


WITHDRAWN = "withdrawn"  # why an item is not about us: the person who entered it took it back
