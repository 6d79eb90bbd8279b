"""The spine app of the desk."""

from django.apps import AppConfig


class SpineConfig(AppConfig):
    name = "groundswell.desk.spine"
    label = "spine"
