"""What this program draws itself on a page; reportlab has no types, and here alone that shows."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable


class Drawn(Flowable):  # type: ignore[misc]
    """``width`` and ``height`` in points, known before ``wrap`` or from it; ``draw`` paints on ``canv`` from the lower
    left corner."""

    canv: Canvas
    width: float
    height: float

    def wrap(self, *room: float) -> tuple[float, float]:
        """The size it takes of the ``room`` (width, height) that is left."""
        return self.width, self.height
