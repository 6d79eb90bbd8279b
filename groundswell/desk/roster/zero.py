"""零报告: by a set time each unit reports or says that there is nothing; who is missing is urged once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.desk.accounts.door import check_links, count_wrong_link, new_token, token_hash
from groundswell.desk.accounts.models import Unit
from groundswell.desk.roster.forms import ReportForm
from groundswell.desk.roster.models import ZeroReport
from groundswell.desk.spine.actions import Act, Refused, action, perform, record_fact, subject
from groundswell.desk.spine.ports import now, zone
from groundswell.desk.spine.preferences import preference, setting
from groundswell.desk.spine.ticks import tick
from groundswell.desk.spine.timeline import fact

S = ZeroReport.State
LINK_LIFE = timedelta(hours=24)
setting(
    "duty.zero_report",
    part="body",
    label=gettext_lazy("Zero report of the units, every day by"),
    default="",
    hint=gettext_lazy("A time such as 16:00; empty: none is asked for."),
)
setting(
    "duty.zero_report_hours",
    part="body",
    label=gettext_lazy("It is asked for"),
    default=2,
    kind="int",
    unit=gettext_lazy("hours before"),
    minimum=1,
    maximum=12,
)
subject("zero_report", ZeroReport, path="zero-reports", state_field="state", name=gettext_lazy("Zero report"))
fact("zero_urged", gettext_lazy("missing at its time: urged"))
fact("zero_by_link", gettext_lazy("answered by the unit's one-time link"))


def due_on(day: date) -> datetime | None:
    """When the reports of DAY are due; None where the setting asks for none or is no time."""
    try:
        return datetime.combine(day, time.fromisoformat(str(preference("duty.zero_report")).strip()), zone())
    except ValueError:
        return None


@action(
    "zero_report.nothing",
    verb=gettext_lazy("Nothing to report"),
    did=gettext_lazy("had nothing to report"),
    permission="zero.report",
    from_states=[S.MISSING],
    to_state=S.NOTHING,
    icon="check",
    key="c",
    primary=True,
    on_chain=False,
)
def nothing(act: Act, report: ZeroReport) -> None:
    report.answered_at, report.answered_by, report.token_hash = act.at, act.user, ""


@action(
    "zero_report.tell",
    verb=gettext_lazy("Report"),
    did=gettext_lazy("reported: %(text)s"),
    permission="zero.report",
    from_states=[S.MISSING, S.NOTHING],
    to_state=S.REPORTED,
    form=ReportForm,
    icon="edit",
    on_chain=False,
)
def tell(act: Act, report: ZeroReport, *, text: str) -> None:
    """Also after it was said that there is nothing: what happens later is told."""
    report.text, report.answered_at, report.answered_by, report.token_hash = text.strip(), act.at, act.user, ""
    act.data = {"text": report.text[:60]}


def make_link(report: ZeroReport) -> str:
    """The path of a link that answers REPORT once, without a password; only its hash is kept. One made before opens nothing any more."""
    if report.state != S.MISSING:
        raise Refused(_("This unit has answered already."))
    token = new_token()
    ZeroReport.objects.filter(pk=report.pk).update(token_hash=token_hash(token), token_until=now() + LINK_LIFE)
    return f"/z/{token}/"


def by_link(token: str, address: str) -> ZeroReport | None:
    """The report that TOKEN answers; None where it was used, renewed or has run out. Raises door.Shut."""
    check_links(address)
    rows = ZeroReport.objects.filter(token_hash=token_hash(token), token_until__gt=now(), state=S.MISSING)
    report = rows.select_related("unit").first()
    if report is None:
        count_wrong_link(address)
    return report


def answer(report: ZeroReport, text: str = "") -> None:
    """What the unit says by its link. Raises Refused when it was answered meanwhile."""
    if text:
        perform("zero_report.tell", None, report, {"text": text})
    else:
        perform("zero_report.nothing", None, report)
    record_fact("zero_by_link", report)


@tick("roster.zero_reports")
def keep(moment: datetime) -> None:
    """Ask every unit when the time comes; urge once whoever is missing when it is over. Repeatable."""
    day = moment.astimezone(zone()).date()
    due = due_on(day)
    if due is None:
        return
    opens = due - timedelta(hours=int(preference("duty.zero_report_hours")))
    if opens <= moment < due and not ZeroReport.objects.filter(day=day).exists():
        ZeroReport.objects.bulk_create(
            (ZeroReport(unit=unit, day=day, due_at=due) for unit in Unit.objects.filter(is_active=True)), ignore_conflicts=True
        )
    for report in ZeroReport.objects.filter(day=day, state=S.MISSING, urged_at=None, due_at__lte=moment).select_related("unit"):
        if ZeroReport.objects.filter(pk=report.pk, urged_at=None).update(urged_at=moment):
            record_fact("zero_urged", report)
