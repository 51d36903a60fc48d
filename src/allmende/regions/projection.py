"""From degrees to a drawing of Germany: Lambert's conformal conic, as on printed maps. Pure.

Standard parallels 48°40′ and 53°40′ N (usual for maps of Germany), on a sphere: at the size of a screen the
difference to an ellipsoid is below one unit. The drawing is `WIDTH` × `HEIGHT` units, y pointing down.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 812
_MARGIN = 6.0
_CENTRE = math.radians(10.5)
_LOWER, _UPPER = math.radians(48 + 40 / 60), math.radians(53 + 40 / 60)


def _tangent(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


_CONE = math.log(math.cos(_LOWER) / math.cos(_UPPER)) / math.log(_tangent(_UPPER) / _tangent(_LOWER))


def _on_cone(latitude: float, longitude: float) -> tuple[float, float]:
    radius = _tangent(math.radians(latitude)) ** -_CONE
    angle = _CONE * (math.radians(longitude) - _CENTRE)
    return radius * math.sin(angle), radius * math.cos(angle)


# The outermost places: Selfkant, Görlitz, the Haldenwanger Eck, Sylt.
_LEFT, _RIGHT = _on_cone(51.05, 5.86)[0], _on_cone(51.27, 15.05)[0]
_BOTTOM, _TOP = _on_cone(47.26, 10.18)[1], _on_cone(55.07, 8.42)[1]
_SCALE = min((WIDTH - 2 * _MARGIN) / (_RIGHT - _LEFT), (HEIGHT - 2 * _MARGIN) / (_BOTTOM - _TOP))


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """x and y in the drawing, one decimal. Points outside of Germany land outside of it, nothing is cut off."""
    x, y = _on_cone(latitude, longitude)
    return round(_MARGIN + (x - _LEFT) * _SCALE, 1), round(_MARGIN + (y - _TOP) * _SCALE, 1)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the drawing."""

    x: float
    y: float
    width: float
    height: float


# The lower right corner lies in Austria, beyond Passau and Berchtesgaden: room for what is made up.
INSET = Box(x=497.0, y=702.0, width=97.0, height=97.0)


def project_into(
    box: Box, points: Iterable[tuple[float, float]], *, margin: float = 12.0
) -> list[tuple[float, float]]:
    """Points (latitude, longitude) spread over a box, proportions kept; a single one lies in its middle."""
    flat = [(lon * math.cos(math.radians(lat)), -lat) for lat, lon in points]
    if not flat:
        return []
    xs, ys = [x for x, _ in flat], [y for _, y in flat]
    reach = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    scale = (min(box.width, box.height) - 2 * margin) / reach
    centre_x, centre_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return [
        (
            round(box.x + box.width / 2 + (x - centre_x) * scale, 1),
            round(box.y + box.height / 2 + (y - centre_y) * scale, 1),
        )
        for x, y in flat
    ]


def grid_path(points: Iterable[tuple[float, float]], *, step: int = 4) -> str:
    """An SVG path of horizontal strokes through every grid cell (`step` units) that holds a point.

    Drawn with a stroke of that width it is the shape of the country in a few kilobytes.
    """
    rows: dict[int, set[int]] = defaultdict(set)
    for x, y in points:
        rows[int(y // step)].add(int(x // step))
    return "".join(
        f"M{first * step} {row * step + step // 2}h{(last - first + 1) * step}"
        for row in sorted(rows)
        for first, last in _runs(sorted(rows[row]))
    )


def _runs(cells: list[int]) -> Iterator[tuple[int, int]]:
    first = last = cells[0]
    for cell in cells[1:]:
        if cell != last + 1:
            yield first, last
            first = cell
        last = cell
    yield first, last
