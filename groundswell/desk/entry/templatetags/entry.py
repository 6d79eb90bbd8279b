"""Template words of entering by hand."""

from __future__ import annotations

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def oob(field: BoundField) -> SafeString:
    """The field as it is drawn in the form, to be put in its place wherever the answer lands."""
    return field.as_widget(attrs={"hx-swap-oob": "true"})
