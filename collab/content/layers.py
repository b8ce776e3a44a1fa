"""Several suggestions about one look, each on top of the one before it.

A look is a few named values: the marks of a text, the style and alignment of a
paragraph, the size of an image, what a cell is to become. Each layer wishes some of
them to be otherwise; what is seen is the base with all wishes in their order. A layer
that is rejected goes, one that is accepted sinks into the base, and what is left of the
others says the same as before, but for wishes that mean nothing any more. So they can
be decided in any order.

The editor does the same (editor_client/src/suggest/layers.ts). Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from collab.content.tree import (
    MARKS,
    Image,
    Paragraph,
    Pictured,
    Reformatted,
    Restyled,
    Run,
    Suggested,
)

Decide = Callable[[Suggested], bool | None]
"""True accepts, False rejects, None leaves it as it is."""
Look = Mapping[str, Any]

TEXT_LOOK = (*sorted(MARKS), "link")
PARAGRAPH_LOOK = ("style", "align", "indent", "number", "listed", "nested")
IMAGE_LOOK = ("alt", "width_mm", "align")


@dataclass(frozen=True, slots=True)
class Layer:
    """Lowest first; `wishes` are the values that it is about, as it wants them."""

    by: Suggested
    wishes: Look


@dataclass(frozen=True, slots=True)
class Settled:
    base: Look
    layers: tuple[Layer, ...]

    @property
    def look(self) -> Look:
        """What is seen."""
        seen = dict(self.base)
        for layer in self.layers:
            seen.update(layer.wishes)
        return seen

    def befores(self) -> tuple[Look, ...]:
        """What each layer found below it."""
        found: list[Look] = []
        seen = dict(self.base)
        for layer in self.layers:
            found.append(dict(seen))
            seen.update(layer.wishes)
        return tuple(found)


def settle(stack: Settled, decide: Decide) -> Settled | None:
    """None when nothing is decided."""
    verdicts = [decide(layer.by) for layer in stack.layers]
    if all(verdict is None for verdict in verdicts):
        return None
    base = dict(stack.base)
    decided: set[str] = set()
    kept: list[Layer] = []
    for layer, verdict in zip(stack.layers, verdicts, strict=True):
        if verdict is None:
            kept.append(layer)
            continue
        decided.update(layer.wishes)
        if verdict:
            base.update(layer.wishes)
            kept = [_without(below, layer.wishes) for below in kept]
    seen = dict(base)
    left: list[Layer] = []
    for layer in kept:
        idle = [n for n, v in layer.wishes.items() if n in decided and seen[n] == v]
        layer = _without(layer, idle)
        seen.update(layer.wishes)
        left.append(layer)
    empty = {layer.by for layer in stack.layers if not layer.wishes}
    return Settled(base, tuple(la for la in left if la.wishes or la.by in empty))


def _without(layer: Layer, names: Sequence[str] | Look) -> Layer:
    if not any(name in layer.wishes for name in names):
        return layer
    wishes = {n: v for n, v in layer.wishes.items() if n not in names}
    return Layer(layer.by, wishes)


# ── looks of the tree ───────────────────────────────────────────────────────────────


def settle_run(run: Run, decide: Decide) -> Run:
    if run.formatting is None:
        return run
    layers = (*run.formatting.under, run.formatting)
    befores: list[Look] = [_text_look(each.marks, each.href) for each in layers]
    stack = stack_of(layers, [*befores, _text_look(run.marks, run.href)])
    settled = settle(stack, decide)
    if settled is None:
        return run
    made: list[Reformatted] = []
    for layer, before in zip(settled.layers, settled.befores(), strict=True):
        assert isinstance(layer.by, Reformatted)
        marks = frozenset(name for name in MARKS if before[name])
        about = frozenset(layer.wishes)
        goes_without_saying = _differing(before, layer.wishes) == about
        made.append(
            replace(
                layer.by,
                marks=marks,
                href=before["link"],
                about=None if layer.by.about is None and goes_without_saying else about,
                under=(),
            )
        )
    marks = frozenset(name for name in MARKS if settled.look[name])
    top = replace(made[-1], under=tuple(made[:-1])) if made else None
    return replace(run, marks=marks, href=settled.look["link"], formatting=top)


def settle_paragraph(block: Paragraph, decide: Decide) -> Paragraph:
    if block.formatting is None:
        return block
    layers = (*block.formatting.under, block.formatting)
    looks = [_named(each, PARAGRAPH_LOOK) for each in (*layers, block)]
    settled = settle(stack_of(layers, looks), decide)
    if settled is None:
        return block
    made: list[Restyled] = []
    for layer, before in zip(settled.layers, settled.befores(), strict=True):
        assert isinstance(layer.by, Restyled)
        made.append(replace(layer.by, **before, under=()))
    top = replace(made[-1], under=tuple(made[:-1])) if made else None
    return replace(block, **settled.look, formatting=top)


def settle_image(image: Image, decide: Decide) -> Image:
    if image.formatting is None:
        return image
    layers = (*image.formatting.under, image.formatting)
    looks = [_named(each, IMAGE_LOOK) for each in (*layers, image)]
    settled = settle(stack_of(layers, looks), decide)
    if settled is None:
        return image
    made: list[Pictured] = []
    for layer, before in zip(settled.layers, settled.befores(), strict=True):
        assert isinstance(layer.by, Pictured)
        made.append(replace(layer.by, **before, under=()))
    top = replace(made[-1], under=tuple(made[:-1])) if made else None
    return replace(image, **settled.look, formatting=top)


def stack_of(layers: Sequence[Suggested], looks: Sequence[Look]) -> Settled:
    """`looks`: what each layer found below it, and last what is seen."""
    made: list[Layer] = []
    for index, by in enumerate(layers):
        before = looks[index]
        about = by.about if isinstance(by, Reformatted) else None
        if about is None:
            about = frozenset(_differing(before, looks[index + 1]))
        made.append(Layer(by, {name: looks[index + 1][name] for name in about}))
    return Settled(looks[0], tuple(made))


def _differing(one: Look, other: Look) -> frozenset[str]:
    return frozenset(name for name in other if one[name] != other[name])


def _text_look(marks: frozenset[str], href: str | None) -> Look:
    return {**{name: name in marks for name in MARKS}, "link": href}


def _named(value: object, names: Sequence[str]) -> Look:
    return {name: getattr(value, name) for name in names}
