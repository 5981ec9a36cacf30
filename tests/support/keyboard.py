"""A person who has a keyboard and nothing else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

MOST_TABS = 120
# What a screen reader would call the thing that has the focus, and whether one can see that it has it.
FOCUS = """() => {
  const it = document.activeElement;
  const name = it.labels?.length ? it.labels[0].innerText : it.getAttribute('aria-label') || it.innerText;
  const shown = [it, ...(it.labels ?? [])].flatMap(
    one => [getComputedStyle(one), getComputedStyle(one, '::before')]
  );
  const seen = shown.some(
    style => style.outlineStyle !== 'none' || style.boxShadow !== 'none'
  );
  return {name: (name || '').replace(/\\s+/g, ' ').trim(), role: it.tagName, type: it.type || '', seen};
}"""


class Keyboard:
    """Presses keys, and fails where one cannot see what has the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, name: str) -> None:
        """Press Tab until what is called `name` has the focus."""
        passed = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS)
            if focus["role"] != "BODY":
                assert focus["seen"], f"nobody sees that {focus} has the focus"
            if focus["name"].startswith(name):
                return
            passed.append(focus["name"])
        pytest.fail(f"“{name}” cannot be reached; passed {passed}")

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def land(self, heading: str, *, key: str = "Enter") -> None:
        """Press a key that leads to another page, and wait for its heading."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        assert heading in self.page.get_by_role("heading", level=1).inner_text()
