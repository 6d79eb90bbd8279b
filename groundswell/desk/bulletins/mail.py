"""The mail of an issue: plain text, the paper as Word and PDF; by the server of the settings or of GROUNDSWELL_MAIL_URL."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from groundswell.desk.bulletins import paper
from groundswell.desk.bulletins.models import Issue, Recipient
from groundswell.desk.spine.ports import ports
from groundswell.desk.spine.preferences import preference
from groundswell.desk.spine.settings_seal import SealBroken, secret
from groundswell.reports.clean import one_line
from groundswell.reports.docx import brief_docx
from groundswell.reports.paper import Brief
from groundswell.reports.pdf import brief_pdf
from groundswell.reports.sheet import compose

SECONDS = 30.0
WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document"
PORTS = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    user: str
    password: str
    security: str  # starttls | tls | none
    sender: str


class NotSent(Exception):
    """A mail did not leave. ``final``: another try would end the same way."""

    def __init__(self, cause: str, words: str, final: bool = False) -> None:
        super().__init__(words)
        self.cause, self.final = cause, final


def server() -> Server | None:
    """Where mail goes: GROUNDSWELL_MAIL_URL (``smtp://user:password@host:587?tls=starttls&from=…``, ``smtps://…``), else the settings."""
    if ports.mail_url:
        return _of_url(ports.mail_url)
    host = str(preference("mail.host")).strip()
    if not host:
        return None
    try:
        password = secret("mail.password")
    except SealBroken as fault:
        raise NotSent("login", str(fault), final=True) from fault
    user = str(preference("mail.user"))
    return Server(
        host, int(preference("mail.port")), user, password, str(preference("mail.security")), str(preference("mail.sender")) or user
    )


def _of_url(url: str) -> Server:
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    security = "tls" if parts.scheme == "smtps" else query.get("tls", "starttls" if parts.username else "none")
    user = unquote(parts.username or "")
    sender = (
        query.get("from") or str(preference("mail.sender")) or (user if "@" in user else f"groundswell@{parts.hostname or 'localhost'}")
    )
    return Server(
        parts.hostname or "localhost", parts.port or PORTS.get(security, 587), user, unquote(parts.password or ""), security, sender
    )


def message_of(issue: Issue, recipient: Recipient) -> EmailMessage:
    """The mail of ISSUE to RECIPIENT in the recipient's language. What stands in it has no line ends where headers are."""
    sending = server()
    language = "en" if recipient.language == "en" else "zh-hans"
    brief = paper.brief_of(issue, language)
    sheet = compose(brief)
    name, address = parseaddr(one_line(sending.sender if sending else ""))
    message = EmailMessage()
    message["Subject"] = one_line(f"{sheet.title} {sheet.issue} {sheet.date}")
    message["From"] = address_of(name or sheet.office or sheet.title, address)
    message["To"] = address_of(recipient.name, recipient.email)
    message["Message-ID"] = f"<{issue.series_id}-{issue.year}-{issue.number}-{recipient.pk}.{issue.frozen_hash[:16]}@groundswell>"
    message["Date"] = format_datetime(issue.signed_at) if issue.signed_at else ""
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body_of(brief), cte="base64")
    stem = f"{issue.series_id}-{issue.year}-{issue.number:03d}" if issue.number else issue.series_id
    for ending, kind, data in _files(issue.pk, issue.frozen_hash, language):
        message.add_attachment(data, maintype="application", subtype=kind, filename=f"{stem}.{ending}")
    return message


@lru_cache(maxsize=4)
def _files(pk: int, frozen_hash: str, language: str) -> tuple[tuple[str, str, bytes], ...]:
    """Word and PDF of a signed issue, drawn once for its whole list."""
    brief = paper.brief_of(Issue.objects.get(pk=pk, frozen_hash=frozen_hash), language)
    return ("docx", WORD, brief_docx(brief)), ("pdf", "pdf", brief_pdf(brief))


def body_of(brief: Brief) -> str:
    """The whole paper as plain text."""
    return plain(brief) + "\n"


def plain(brief: Brief) -> str:
    """The words of the sheet, line by line: what DOCX, PDF and HTML say."""
    sheet = compose(brief)
    lines = [sheet.title, sheet.issue, sheet.classification, "  ".join(part for part in (sheet.office, sheet.date) if part), ""]
    for section in sheet.sections:
        lines += [section.heading, ""]
        for item in section.items:
            lines += [
                item.title,
                *("".join(run.text for run in runs) for runs in item.paragraphs),
                *([item.figures] if item.figures else []),
                "",
            ]
    lines += [sheet.empty] if sheet.empty else []
    if sheet.sources:
        lines += [sheet.sources_heading, *(f"{source.text} {source.url}".rstrip() for source in sheet.sources), ""]
    lines += ["    ".join(sheet.people), *sheet.lists, sheet.copies]
    return "\n".join(line for n, line in enumerate(lines) if line or (n and lines[n - 1]))


def address_of(name: str, address: str) -> Address:
    """ADDRESS under NAME for a header. Raises NotSent where it is no address."""
    try:
        return Address(display_name=one_line(name)[:80], addr_spec=one_line(address))
    except (ValueError, IndexError) as error:
        raise NotSent("address", f"“{address}” is no mail address.", final=True) from error


def send(message: EmailMessage) -> None:
    """Hand MESSAGE to the server. Raises NotSent with its cause."""
    sending = server()
    if sending is None:
        raise NotSent("no_server", "No mail server is set.", final=True)
    try:
        with _connected(sending) as connection:
            connection.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent("login", f"{sending.host} refuses the user or password ({error.smtp_code}).", final=True) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise NotSent("refused", _said(code, words), final=code >= 500) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent("refused", _said(error.smtp_code, error.smtp_error), final=error.smtp_code >= 500) from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotSent("tls", f"{sending.host} offers no encryption or no login. See Settings, Mail.", final=True) from error
    except ssl.SSLError as error:
        raise NotSent("tls", f"{sending.host}: {error.reason or error}", final=isinstance(error, ssl.SSLCertVerificationError)) from error
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        raise NotSent("unreachable", f"{sending.host}:{sending.port}: {error}") from error


def _connected(sending: Server) -> smtplib.SMTP:
    """A connection ready to take mail: encrypted as set, the certificate checked, signed in."""
    context = ssl.create_default_context()
    if sending.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(sending.host, sending.port, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(sending.host, sending.port, timeout=SECONDS)
    try:
        if sending.security == "starttls":
            connection.starttls(context=context)
        if sending.user:
            connection.login(sending.user, sending.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return one_line(f"{code} {text}")[:280]
