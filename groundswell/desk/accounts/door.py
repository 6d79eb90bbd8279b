"""The door: signing in with a throttle, one-time links, signing out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth import authenticate, login
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from groundswell.desk.accounts.models import OneTimeLink, SignInAttempt, User
from groundswell.desk.audit.chain import append
from groundswell.desk.spine.ports import now

SIGNED_IN = "signed_in_at"  # in the session: when the person came through the door
WINDOW = timedelta(minutes=15)
BACKEND = "django.contrib.auth.backends.ModelBackend"
NAME_TRIES = 5  # failures of one name in the window (OWASP ASVS 5.0 § 6.3: throttle by account and by address)
ADDRESS_TRIES = 30
LINK_LIFE = timedelta(minutes=30)


class TooManyTries(Exception):
    """The throttle is shut; ``until`` says when it opens."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


def sign_in(request: HttpRequest, username: str, password: str) -> User | None:
    """Check the password, counting the try. Returns the user or None; raises TooManyTries."""
    user = check_password(request, username, password)
    if user is not None:
        append("signin", user)
    return user


def came_in(request: HttpRequest, user: User) -> None:
    """USER, whose password or link was right, is signed in from now on."""
    login(request, user, backend=BACKEND)
    request.session[SIGNED_IN] = now().isoformat()


def check_password(request: HttpRequest, username: str, password: str) -> User | None:
    """The user whom name and password belong to, each try counted; a wrong one is on the chain. Raises TooManyTries."""
    name, address = _hash(username.strip().lower()), _hash(str(request.META.get("REMOTE_ADDR", "")))
    _check_throttle(name, address)
    user = authenticate(request, username=username.strip(), password=password)
    SignInAttempt.objects.create(name_hash=name, address_hash=address, at=now(), succeeded=user is not None)
    if user is None:
        append("signin.failed", None, "", {"name": name})
        return None
    assert isinstance(user, User)
    return user


def _check_throttle(name: str, address: str) -> None:
    since = now() - WINDOW
    tries = SignInAttempt.objects.filter(at__gt=since, succeeded=False)
    last_good = (
        SignInAttempt.objects.filter(name_hash=name, succeeded=True, at__gt=since).order_by("-at").values_list("at", flat=True).first()
    )
    by_name = tries.filter(name_hash=name, at__gt=last_good or since).count()
    if by_name >= NAME_TRIES or tries.filter(address_hash=address).count() >= ADDRESS_TRIES:
        oldest = tries.filter(Q(name_hash=name) | Q(address_hash=address)).order_by("at").values_list("at", flat=True).first()
        left = (oldest + WINDOW - now()) if oldest else WINDOW
        raise TooManyTries(max(1, int(left.total_seconds() // 60) + 1))


def make_link(user: User, maker: User | None = None) -> str:
    """A path that signs USER in once within 30 minutes; only its hash is kept. MAKER None is the command line.

    Earlier links that nobody used stop working: one door key at a time.
    """
    OneTimeLink.objects.filter(user=user, used_at=None, expires_at__gt=now()).update(expires_at=now())
    token = new_token()
    OneTimeLink.objects.create(token_hash=token_hash(token), user=user, expires_at=now() + LINK_LIFE)
    append("link.made", maker, f"user:{user.pk}")
    return f"/desk/link/{token}/"


def use_link(token: str) -> User | None:
    """The user of an unused, fresh link, which is used up by this."""
    link = OneTimeLink.objects.filter(token_hash=token_hash(token), used_at=None, expires_at__gt=now(), user__is_active=True).first()
    if link is None or not OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now()):
        return None
    append("signin.link", link.user)
    return link.user


class Shut(Exception):
    """Too many wrong links came from this address."""


def check_links(address: str) -> None:
    """Whoever comes from ADDRESS may try one more link that opens without a password. Raises Shut."""
    since = now() - WINDOW
    if SignInAttempt.objects.filter(address_hash=_hash(address), succeeded=False, at__gt=since).count() >= ADDRESS_TRIES:
        raise Shut


def count_wrong_link(address: str) -> None:
    """A link that opens nothing counts like a failed sign-in of the visitor's ADDRESS (OWASP ASVS 5.0 § 6.3)."""
    SignInAttempt.objects.create(name_hash=token_hash("link")[:32], address_hash=_hash(address), at=now(), succeeded=False)


def closed(response: HttpResponse) -> HttpResponse:
    """A page behind such a link: nobody keeps it, nobody is told where the reader came from, no index has it."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def new_token() -> str:
    """The secret of an address that opens something without a password; 256 bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of such a secret: a plain hash is enough for one that nobody can guess."""
    return hashlib.sha256(token.encode()).hexdigest()
