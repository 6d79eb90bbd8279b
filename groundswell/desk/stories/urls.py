"""Addresses of stories, below /desk/stories/."""

from django.urls import include, path

from groundswell.desk.spine.views import action_urls
from groundswell.desk.stories import views

urlpatterns = [
    path("stories/", views.stories),
    path("stories/<str:number>/set-level/", views.set_level),
    path("stories/", include(action_urls("story"))),
    path("stories/<str:number>/", views.story),
    path("stories/<str:number>/items/", views.items),
    path("stories/<str:number>/part/", views.part),
    path("stories/<str:number>/forecast/", views.figures),
]
