"""The ground that the browser's tests lay is played on here too."""

from tests.browser.conftest import browser_folder  # noqa: F401 (a fixture)
