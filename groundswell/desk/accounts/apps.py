"""The accounts app of the desk."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "groundswell.desk.accounts"
    label = "accounts"

    def ready(self) -> None:
        from groundswell.desk.accounts import actions, away, finders, gazetteer, lexicon  # noqa: F401
