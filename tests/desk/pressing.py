"""A browser without script: reads a page, fills in its forms as they stand, presses a button, follows where it leads."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from django.test import Client
from lxml import html


class Page:
    """What is on screen, and what can be pressed."""

    def __init__(self, client: Client, url: str) -> None:
        self.client = client
        self._show(url, client.get(url, follow=True))

    def _show(self, url: str, answer: Any) -> None:
        self.answer, self.status = answer, answer.status_code
        self.url = answer.redirect_chain[-1][0] if getattr(answer, "redirect_chain", None) else url
        self.text = answer.content.decode()
        self.tree = html.fromstring(self.text)

    def press(self, xpath: str, **filled: Any) -> Page:
        """Press the button at XPATH; FILLED are the fields that the person wrote in."""
        found = self.tree.xpath(xpath)
        assert found, f"{self.url} has no {xpath}"
        button = found[0]
        form = self.tree.get_element_by_id(button.get("form")) if button.get("form") else next(button.iterancestors("form"))
        values: dict[str, Any] = {}
        for field in [*form.iter("input", "textarea", "select"), *self.tree.xpath(f"//*[@form='{form.get('id')}'][not(self::button)]")]:
            name = field.get("name")
            if not name or (field.get("type") in ("checkbox", "radio") and field.get("checked") is None):
                continue
            value = field.text or "" if field.tag == "textarea" else field.value if field.tag == "select" else field.get("value", "")
            values.setdefault(name, []).append(value.removeprefix("\n") if field.tag == "textarea" else value)
        if button.get("name"):
            values[button.get("name")] = [button.get("value", "")]
        values |= {name: [value] for name, value in filled.items()}
        target = urljoin(self.url, button.get("formaction") or form.get("action") or self.url)
        if (form.get("method") or "get").lower() == "get":
            self._show(target, self.client.get(target, values, follow=True))
        else:
            self._show(target, self.client.post(target, values, follow=True))
        return self

    def says(self, words: str) -> bool:
        return words in " ".join(self.tree.text_content().split())
