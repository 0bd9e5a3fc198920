"""Draws the two icons: a check mark that is a flow, in a speech bubble.

    python manifest/teams/draw_icons.py

https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from itertools import pairwise
from math import hypot
from pathlib import Path

Distance = Callable[[float, float], float]
"""How far a point is outside of a shape; negative inside. The picture is 1 wide and 1 high."""
Colour = tuple[float, float, float]

INDIGO, TEAL, WHITE = (0.26, 0.22, 0.66), (0.05, 0.62, 0.66), (1.0, 1.0, 1.0)
CHECK = ((0.335, 0.445), (0.455, 0.565), (0.675, 0.335))
"""The three places of the flow."""


def segment(a: tuple[float, float], b: tuple[float, float], width: float) -> Distance:
    """Return a line with round ends."""

    def distance(x: float, y: float) -> float:
        dx, dy = b[0] - a[0], b[1] - a[1]
        along = ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)
        along = min(1.0, max(0.0, along))
        return hypot(x - a[0] - along * dx, y - a[1] - along * dy) - width / 2

    return distance


def disc(centre: tuple[float, float], radius: float) -> Distance:
    """Return a filled circle."""
    return lambda x, y: hypot(x - centre[0], y - centre[1]) - radius


def box(left: float, top: float, right: float, bottom: float, round_by: float) -> Distance:
    """Return a rectangle with round corners."""
    middle, half = (
        ((left + right) / 2, (top + bottom) / 2),
        ((right - left) / 2, (bottom - top) / 2),
    )

    def distance(x: float, y: float) -> float:
        dx = abs(x - middle[0]) - half[0] + round_by
        dy = abs(y - middle[1]) - half[1] + round_by
        return hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - round_by

    return distance


def triangle(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> Distance:
    """Return a triangle; its corners run clockwise on the screen."""

    def edge(p: tuple[float, float], q: tuple[float, float], x: float, y: float) -> float:
        dx, dy = q[0] - p[0], q[1] - p[1]
        return ((x - p[0]) * dy - (y - p[1]) * dx) / hypot(dx, dy)

    return lambda x, y: max(edge(a, b, x, y), edge(b, c, x, y), edge(c, a, x, y))


def union(*shapes: Distance) -> Distance:
    """Return all of `shapes`."""
    return lambda x, y: min(shape(x, y) for shape in shapes)


def outline(shape: Distance, width: float) -> Distance:
    """Return the edge of `shape`, drawn inside of it."""
    return lambda x, y: max(shape(x, y), -shape(x, y) - width)


def bubble(grow: float = 0.0) -> Distance:
    """Return a speech bubble."""
    body = box(0.165 - grow, 0.17 - grow, 0.835 + grow, 0.73 + grow, 0.17 + grow)
    tail = triangle((0.31, 0.68), (0.53, 0.70 + grow), (0.32 - grow / 2, 0.87 + grow * 1.4))
    return union(body, tail)


def check(width: float, place: float) -> Distance:
    """Return the check mark: two lines, and a disc at each of the three places."""
    lines = (segment(a, b, width) for a, b in pairwise(CHECK))
    return union(*lines, *(disc(at, place) for at in CHECK))


def colour_icon(x: float, y: float, pixel: float) -> tuple[Colour, float]:
    """Return the colour and the opacity of a point of the colour icon, which fills its square."""
    slope = min(1.0, max(0.0, (x + y) / 2))
    back = mixed(INDIGO, TEAL, slope)
    seen = mixed(back, WHITE, covered(bubble()(x, y), pixel))
    mark = mixed(INDIGO, TEAL, min(1.0, max(0.0, (x - 0.3) * 2)))
    return mixed(seen, mark, covered(check(0.052, 0.062)(x, y), pixel)), 1.0


def outline_icon(x: float, y: float, pixel: float) -> tuple[Colour, float]:
    """Return a point of the outline icon: white on nothing."""
    shape = union(outline(bubble(0.11), 0.068), check(0.075, 0.078))
    return WHITE, covered(shape(x, y), pixel)


def covered(distance: float, pixel: float) -> float:
    """Return how much of a pixel a shape covers."""
    return min(1.0, max(0.0, 0.5 - distance / pixel))


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """Return a colour between two."""
    red, green, blue = (p + (q - p) * share for p, q in zip(a, b, strict=True))
    return red, green, blue


def png(size: int, icon: Callable[[float, float, float], tuple[Colour, float]]) -> bytes:
    """Return the picture as a PNG (RGBA, 8 bits)."""
    rows = bytearray()
    for row in range(size):
        rows.append(0)
        for column in range(size):
            colour, opacity = icon((column + 0.5) / size, (row + 0.5) / size, 1 / size)
            rows += bytes(round(255 * part) for part in (*colour, opacity))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def main() -> None:
    """Write both icons beside this file."""
    here = Path(__file__).parent
    (here / "color.png").write_bytes(png(192, colour_icon))
    (here / "outline.png").write_bytes(png(32, outline_icon))


if __name__ == "__main__":
    main()
