"""The reliability curve, as SVG."""

from collections.abc import Mapping, Sequence
from html import escape

from tests.benchmarks.calibration.fitting import Bin

__all__ = ["reliability_curve"]

_SIDE, _MARGIN = 400, 48
_COLOURS = ("#1f5fa8", "#c0561f", "#3d7f3d")


def reliability_curve(curves: Mapping[str, Sequence[Bin]]) -> str:
    """Share that was right over confidence, a curve under each name; a dot's area tells how many it is of.

    A curve below the diagonal claims too much, one above too little.
    """
    size = _SIDE + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif" '
        'font-size="13" fill="#222">',
        f'<rect width="{size}" height="{size}" fill="#fff"/>',
        *_axes(),
    ]
    for number, (name, bins) in enumerate(curves.items()):
        parts += _curve(name, bins, _COLOURS[number % len(_COLOURS)], number)
    return "\n".join([*parts, "</svg>", ""])


def _axes() -> list[str]:
    parts = [f'<path d="M{_at(0, 0)} L{_at(1, 1)}" stroke="#999" stroke-dasharray="4 4"/>']
    for tenth in range(0, 11, 2):
        share = tenth / 10
        parts += [
            f'<path d="M{_at(share, 0)} L{_at(share, 1)}" stroke="#e4e4e4"/>',
            f'<path d="M{_at(0, share)} L{_at(1, share)}" stroke="#e4e4e4"/>',
            f'<text x="{_x(share):.0f}" y="{_y(0) + 18:.0f}" text-anchor="middle">{share:g}</text>',
            f'<text x="{_x(0) - 8:.0f}" y="{_y(share) + 4:.0f}" text-anchor="end">{share:g}</text>',
        ]
    return [
        *parts,
        f'<text x="{_x(0.5):.0f}" y="{_y(0) + 38:.0f}" text-anchor="middle">confidence</text>',
        f'<text x="{_x(0):.0f}" y="{_y(1) - 12:.0f}">share of starts within 200 ms</text>',
    ]


def _curve(name: str, bins: Sequence[Bin], colour: str, number: int) -> list[str]:
    most = max((one.count for one in bins), default=1)
    points = " L".join(_at(one.said, one.right) for one in bins)
    dots = [
        f'<circle cx="{_x(one.said):.1f}" cy="{_y(one.right):.1f}" fill="{colour}" fill-opacity="0.7" '
        f'r="{2 + 7 * (one.count / most) ** 0.5:.1f}"><title>{one.count} that say {one.said:.2f}: '
        f"{one.right:.2f} are right</title></circle>"
        for one in bins
    ]
    label = f'<text x="{_x(0.03):.0f}" y="{_y(0.94) + 18 * number:.0f}" fill="{colour}">{escape(name)}</text>'
    return [f'<path d="M{points}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots, label]


def _at(x: float, y: float) -> str:
    return f"{_x(x):.1f} {_y(y):.1f}"


def _x(share: float) -> float:
    return _MARGIN + share * _SIDE


def _y(share: float) -> float:
    return _MARGIN + (1 - share) * _SIDE
