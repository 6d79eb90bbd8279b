"""Addresses of the door, of people, rights, units, places and netizen words, below /desk/."""

from django.urls import URLPattern, URLResolver, include, path

from groundswell.desk.accounts import actions as _people_actions  # noqa: F401  (fills the registry)
from groundswell.desk.accounts import away as _away_actions  # noqa: F401
from groundswell.desk.accounts import gazetteer as _gazetteer_actions  # noqa: F401
from groundswell.desk.accounts import gazetteer_views, people_views, views
from groundswell.desk.spine.views import action_urls

OWN_SCREENS = frozenset({"user.add", "user.make_link", "unit.add", "place.add", "word.add"})
people: list[URLPattern] = [
    path("", people_views.people),
    path("add/", people_views.add),
    path("rights/", people_views.rights),
    path("rights/<str:permission>/<str:role>/", people_views.right),
    path("charge/", people_views.charge),
    path("<str:ref>/", people_views.person),
    path("<str:ref>/link/", people_views.link),
    *(each for each in action_urls("user") if each.name not in OWN_SCREENS),
]
units: list[URLPattern | URLResolver] = [
    path("", gazetteer_views.units),
    path("add/", gazetteer_views.add, {"code": "unit"}),
    path("places/", gazetteer_views.places),
    path("places/add/", gazetteer_views.add, {"code": "place"}),
    path("places/<str:ref>/", gazetteer_views.place),
    path("words/", gazetteer_views.words),
    path("words/add/", gazetteer_views.add, {"code": "word"}),
    path("words/<str:ref>/", gazetteer_views.word),
    path("places/", include([each for each in action_urls("place") if each.name not in OWN_SCREENS])),
    path("words/", include([each for each in action_urls("word") if each.name not in OWN_SCREENS])),
    path("<str:ref>/", gazetteer_views.unit),
    *(each for each in action_urls("unit") if each.name not in OWN_SCREENS),
]
urlpatterns = [
    path("sign-in/", views.sign_in),
    path("sign-out/", views.sign_out),
    path("link/<str:token>/", views.link),
    path("me/", views.me),
    path("language/", views.language),
    path("demo/be/", views.demo_be),
    path("people/", include(people)),
    path("units/", include(units)),
]
