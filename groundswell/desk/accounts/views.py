"""Sign-in, one-time links, a person's own settings, the language; in the demo, trying another role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from groundswell.desk.accounts import door
from groundswell.desk.accounts.models import User
from groundswell.desk.accounts.rights import user_of
from groundswell.desk.spine.forms import DeskForm, DeskModelForm
from groundswell.desk.spine.ports import ports
from groundswell.desk.spine.views import safe_next


class SignInForm(DeskForm):
    username = forms.CharField(
        label=gettext_lazy("User name"), widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class MeForm(DeskModelForm):
    class Meta:
        model = User
        fields = ["language", "theme", "density", "text_size", "shortcuts", "phone", "email"]
        labels = {"shortcuts": gettext_lazy("Use single-key shortcuts")}
        widgets = {
            "language": forms.RadioSelect(choices=[("zh-hans", "中文"), ("en", "English")]),
            "theme": forms.RadioSelect(
                choices=[("system", gettext_lazy("as the device")), ("light", gettext_lazy("light")), ("dark", gettext_lazy("dark"))]
            ),
            "density": forms.RadioSelect(choices=[("comfortable", gettext_lazy("comfortable")), ("compact", gettext_lazy("compact"))]),
            "text_size": forms.RadioSelect(choices=[(100, "100 %"), (112, "112 %"), (125, "125 %")]),
        }


class PasswordForm(DeskForm):
    password = forms.CharField(
        label=gettext_lazy("New password"),
        help_text=gettext_lazy("At least 10 characters."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    target = safe_next(request, "/desk/")
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            user = door.sign_in(request, form.cleaned_data["username"], form.cleaned_data["password"])
        except door.TooManyTries as shut:
            words = ngettext("Too many tries. Try again in %(n)s minute.", "Too many tries. Try again in %(n)s minutes.", shut.minutes)
            form.add_error(None, words % {"n": shut.minutes})
            status = 429
        else:
            if user is not None:
                door.came_in(request, user)
                return HttpResponseRedirect(target)
            form.add_error(None, _("User name and password do not go together."))
            status = 422
    return render(request, "accounts/sign_in.html", {"form": form, "next": target}, status=status)


def link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link asks first (a mail scanner that follows it uses nothing up), then signs in."""
    if request.method != "POST":
        return render(request, "accounts/link.html", {"token": token})
    user = door.use_link(token)
    if user is None:
        return render(request, "accounts/link.html", {"spent": True}, status=410)
    door.came_in(request, user)
    return HttpResponseRedirect("/desk/me/" if not user.has_usable_password() else "/desk/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/desk/sign-in/")


def me(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    part = request.POST.get("part", "")
    form = MeForm(request.POST if part == "me" else None, instance=user)
    password = PasswordForm(request.POST if part == "password" else None, user=user)
    if part == "me" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return HttpResponseRedirect("/desk/me/")
    if part == "password" and password.is_valid():
        user.set_password(password.cleaned_data["password"])
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        messages.success(request, _("The new password holds from now on."))
        return HttpResponseRedirect("/desk/me/")
    wrong = bool(form.errors or password.errors)
    return render(request, "accounts/me.html", {"form": form, "password": password, "wrong": wrong}, status=422 if wrong else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language, for a signed-in person in the profile, for others in the cookie."""
    wanted = request.POST.get("language", "")
    if wanted not in ("zh-hans", "en"):
        raise Http404(wanted)
    response = HttpResponseRedirect(safe_next(request, "/desk/"))
    if isinstance(request.user, User):
        request.user.language = wanted
        request.user.save(update_fields=["language"])
    response.set_cookie("language", wanted, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
    return response


@require_POST
def demo_be(request: HttpRequest) -> HttpResponse:
    """In the demo only: become another person of the county, on the same page."""
    if not ports.demo:
        raise Http404
    user = get_object_or_404(User, username=request.POST.get("who", ""), is_active=True)
    if isinstance(request.user, User):
        user.language = request.user.language
        user.save(update_fields=["language"])
    door.came_in(request, user)
    return HttpResponseRedirect(safe_next(request, "/desk/"))


__all__ = ["demo_be", "language", "link", "me", "sign_in", "sign_out"]
