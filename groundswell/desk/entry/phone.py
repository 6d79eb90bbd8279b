"""The desk on a phone: the manifest that makes it an app one can share into, and where shared things arrive."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from groundswell.desk.accounts.rights import may
from groundswell.desk.entry import pictures, views
from groundswell.desk.spine.shell import product_name
from groundswell.desk.spine.views import needs
from groundswell.engine.text.shares import read_share

OURS = ("", "none", "same-origin")  # Sec-Fetch-Site of what the person's own device or desk sends


def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest: name, icon, and the target of the phone's share menu."""
    name = product_name()
    icon = {"src": static("spine/mark.svg"), "type": "image/svg+xml", "sizes": "any"}
    data: dict[str, Any] = {
        "id": "/desk/",
        "name": name,
        "short_name": name,
        "lang": "en" if get_language() == "en" else "zh-Hans",
        "start_url": "/desk/",
        "scope": "/desk/",
        "display": "standalone",
        "background_color": "#F4F6F8",
        "theme_color": "#284FAB",
        "icons": [icon | {"purpose": "any"}, icon | {"purpose": "maskable"}],
        "shortcuts": [{"name": _("Enter by hand"), "url": "/desk/enter/"}, {"name": _("Reading book"), "url": "/desk/reading/"}],
        "share_target": {
            "action": "/desk/enter/share/",
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"title": "title", "text": "text", "url": "url", "files": [{"name": "picture", "accept": list(pictures.ACCEPTED)}]},
        },
    }
    return JsonResponse(data, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@csrf_exempt  # the phone's share menu knows no token: nothing is entered here, the form is only filled in
def share(request: HttpRequest) -> HttpResponse:
    """What the phone's share menu sends, as a filled-in form. Another site's page cannot send a picture into the archive by it."""
    request.upload_handlers = [pictures.InMemory(request)]
    return _share(request)


@needs("item.enter")
def _share(request: HttpRequest) -> HttpResponse:
    if not may(request.user, "item.enter"):
        return HttpResponseRedirect("/desk/")
    sent = request.POST if request.method == "POST" else request.GET
    shared = read_share(sent.get("text", "")[:50_000], title=sent.get("title", "")[:500], url=sent.get("url", "")[:2000])
    ours = request.headers.get("Sec-Fetch-Site", "") in OURS
    if request.method == "POST" and ours and views.has_picture(request):
        return views.with_shared_picture(request, shared)
    return views.show_shared(request, shared)
