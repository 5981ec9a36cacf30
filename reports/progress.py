"""How far the making of a PDF is: the steps that every kind of PDF has, and who is told of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

COUNT, COMPOSE, LAY_OUT, CHECK = 1, 2, 3, 4
# The first step has a name of its own in each kind: what is counted differs.
LATER_STEPS = (_("Composing the pages"), _("Laying out the pages"), _("Checking the PDF"))


class Progress:
    """Hears how far a PDF is; this one keeps it to itself. A listener may raise an error, which ends the making."""

    def step(self, number: int) -> None:
        """Step `number` (from 1) begins."""

    def page(self, number: int) -> None:
        """So many pages are laid out; heard for every page, and again when pages are laid out once more."""
