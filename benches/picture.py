"""Draws what each middleware adds to a request, from the run that the tables come from.

Here: one picture as SVG, its colours readable on white and on black.
Not here: the figures (`peer_tables.py`).
Spec: https://matplotlib.org/stable/users/explain/customizing.html
"""

from collections.abc import Iterable
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from peer_tables import Result

KINDS = {"allowed-3": "an actual request", "preflight-allowed-3": "a preflight"}
#: The door whose small application corsac's own bars come from, by a peer behind it.
CORSAC = {"Starlette": "corsac, ASGI", "flask-cors": "corsac, WSGI"}
NEUTRAL, OURS, THEIRS = "#737b85", "#e8590c", "#4c7fb0"
FAINT = 0.55


def bars_of(results: Iterable[Result]) -> dict[str, dict[str, float]]:
    """The microseconds of each bar, by name and kind."""
    bars: dict[str, dict[str, float]] = {name: {} for name in CORSAC.values()}
    for result in results:
        kind, peer = result.case.name, result.peer.name
        if kind not in KINDS or not result.timed:
            continue
        bars.setdefault(peer, {})[kind] = result.added("peer") * 1e6
        if peer in CORSAC:
            bars[CORSAC[peer]][kind] = result.added("alone") * 1e6
    return {name: kinds for name, kinds in bars.items() if len(kinds) == len(KINDS)}


def draw(results: Iterable[Result], path: Path) -> None:
    """Writes the picture, the least first. Nothing timed, nothing drawn."""
    bars = bars_of(results)
    if not bars:
        return
    names = sorted(bars, key=lambda name: bars[name]["allowed-3"], reverse=True)
    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": "corsac",
        "font.family": "sans-serif",
        "font.size": 11,
        "text.color": NEUTRAL,
        "axes.labelcolor": NEUTRAL,
        "xtick.color": NEUTRAL,
        "ytick.color": NEUTRAL,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(8.2, 0.55 * len(names) + 1.3), layout="constrained")
        axes = figure.add_subplot()
        draw_bars(axes, bars, names)
        dress(axes, names, bars)
        figure.savefig(
            path,
            format="svg",
            transparent=True,
            metadata={"Creator": None, "Date": None},
        )


def draw_bars(axes, bars, names):
    """Two bars for each name, and each bar's microseconds beside it."""
    for row, name in enumerate(names):
        colour = OURS if name in CORSAC.values() else THEIRS
        for kind, offset, alpha in zip(KINDS, (0.19, -0.19), (1, FAINT)):
            width = bars[name][kind]
            axes.barh(row + offset, width, 0.34, color=colour, alpha=alpha, lw=0)
            axes.annotate(
                f"{width:#.2g}" if width < 10 else f"{width:.0f}",
                (width, row + offset),
                (4, 0),
                textcoords="offset points",
                va="center",
                fontsize=9,
            )


def dress(axes, names, bars):
    """Axes, a legend, and no frame."""
    axes.set_xscale("log")
    axes.set_xlim(0.1, max(max(kinds.values()) for kinds in bars.values()) * 1.8)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
    axes.set_yticks(range(len(names)), names)
    for label in axes.get_yticklabels():
        if label.get_text() in CORSAC.values():
            label.set(color=OURS, fontweight="bold")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("microseconds added to a request (logarithmic)")
    for side in axes.spines.values():
        side.set_visible(False)
    axes.grid(axis="x", color=NEUTRAL, alpha=0.3, lw=0.6)
    axes.set_axisbelow(True)
    for kind, alpha in zip(KINDS.values(), (1, FAINT)):
        axes.barh(0, 0, color=NEUTRAL, alpha=alpha, label=kind)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)
