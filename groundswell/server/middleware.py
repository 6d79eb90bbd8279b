"""Middleware: security headers, the language, the gate before the desk."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from groundswell.desk.accounts.models import User
from groundswell.desk.spine.ports import ports

Next = Callable[[HttpRequest], HttpResponse]
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "manifest-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
DEMO_VISITOR = "linxiao"
OPEN = ("/desk/sign-in/", "/desk/link/", "/desk/language/")


class BehindProxy:
    """Behind a reverse proxy of ours (GROUNDSWELL_PROXY=1) the visitor is who it says; elsewhere such a header is nobody's word."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if settings.CONFIG.proxy and forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()
        return self.get_response(request)


class SecurityHeaders:
    """A strict content security policy on every answer, and no caching of desk pages."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), camera=(self)")
        if request.path.startswith("/desk/"):
            response.headers.setdefault("Cache-Control", "no-store")
            patch_vary_headers(response, ("HX-Request",))
        return response


class Language:
    """The desk and one-time links speak the person's language or that of the cookie, the portal that of its address."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self.choose(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "en" if language == "en" else "zh-Hans")
        return response

    def choose(self, request: HttpRequest) -> str:
        if request.path.startswith("/en/") or request.path == "/en":
            return "en"
        if request.path.startswith(("/desk/", "/t/")):
            if isinstance(request.user, User):
                return request.user.language
            wanted = request.COOKIES.get("language") or translation.get_language_from_request(request)
            return "en" if wanted == "en" else "zh-hans"
        return "zh-hans"


class DeskGate:
    """Everything below /desk/ but the door is for people who signed in."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/desk/") and not request.path.startswith(OPEN) and not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                response = HttpResponse(status=204)
                response["HX-Redirect"] = "/desk/sign-in/"
                return response
            return HttpResponseRedirect(f"/desk/sign-in/?next={quote(request.get_full_path())}")
        return self.get_response(request)


class DemoVisitor:
    """The demo has no door: a visitor is its duty officer. Does nothing anywhere else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ports.demo and request.path.startswith("/desk/") and not request.user.is_authenticated:
            user = User.objects.filter(username=DEMO_VISITOR, is_active=True).first()
            if user is not None:
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return self.get_response(request)
