"""What the palette finds of alerts: their screens, alerts by number, rules and channels by name."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import may, may_propose
from groundswell.desk.alerts import queries
from groundswell.desk.alerts.models import Channel, Rule
from groundswell.desk.alerts.texts import title_of
from groundswell.desk.spine.palette import Hit, finder, matches
from groundswell.desk.spine.shell import named


@finder
def find_alerts(user: User, text: str) -> Iterator[Hit]:
    """Screens first."""
    if may(user, "alert.read"):
        if matches(text, _("Alerts"), "alerts"):
            yield Hit(_("Alerts"), "/desk/alerts/", _("screen"), "warn")
        for alert in queries.readable(user).filter(number__icontains=text).select_related("story", "source")[:4]:
            yield Hit(title_of(alert), alert.get_absolute_url(), _("Alert"), "warn", alert.number)
    if may_propose(user, "alert.rule"):
        if matches(text, _("Alert rules"), "alert rules"):
            yield Hit(_("Alert rules"), "/desk/alerts/rules/", _("screen"), "rule")
        yield from (
            Hit(named(rule), rule.get_absolute_url(), _("Alert rule"), "rule")
            for rule in Rule.objects.all()
            if matches(text, rule.name, rule.name_en)
        )
    if may(user, "setting.read"):
        if matches(text, _("Channels of alerts"), "channels"):
            yield Hit(_("Channels of alerts"), "/desk/alerts/channels/", _("screen"), "send")
        yield from (
            Hit(named(one), one.get_absolute_url(), _("Channel"), "send")
            for one in Channel.objects.all()
            if matches(text, one.name, one.name_en)
        )
