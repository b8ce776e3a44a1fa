"""The comments that a newcomer to the demo office meets."""

from __future__ import annotations

from dataclasses import fields

from django.core.management import call_command

from collab.content.anchors import Anchored, Anchors
from server.registry.texts import committed
from server.review.models import Thread


def test_the_demo_office_has_comments_on_words_that_are_there(db: None) -> None:
    call_command("seed", verbosity=0)
    threads = list(Thread.objects.order_by("created_at"))
    assert [(t.part, t.state, t.last_number) for t in threads] == [
        ("subject", "open", 1),
        ("body", "open", 2),
        ("body", "open", 1),
        ("body", "resolved", 2),
    ]
    names = [field.name for field in fields(Anchored)]
    anchors = [Anchored(**{n: getattr(t, n) for n in names}) for t in threads]
    text = committed(threads[0].draft_id)
    found = Anchors(text.state, anchors)
    assert [found.find(a).text for a in anchors] == [t.quote for t in threads]


def test_seeding_twice_says_nothing_twice(db: None) -> None:
    call_command("seed", verbosity=0)
    call_command("seed", verbosity=0)
    assert Thread.objects.count() == 4
