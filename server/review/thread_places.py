"""What a thread speaks of, in words: for a file, a table of opinions, a list.

Words of the text are quoted as they are; a choice of the letterhead and a picture are
named, because a code or an empty quote says nothing to a reader. Pure. Must never look
whether the words still stand there.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from collab.content.anchored_parts import PICTURE
from collab.content.tree import CHOICE_FIELDS
from server.publishing.rules import Kind
from server.registry.letterhead_words import in_words, name_of_field

_WORD = re.compile(r"\w")


def place_words(part: str, quote: str, norm: Kind = "state") -> str:
    """The quote, or what the part is called where the quote alone does not tell."""
    if part == PICTURE:
        name = _("Hình")
        return f"{name}: {quote}" if quote else name
    if part in CHOICE_FIELDS:
        said = in_words(part, quote, norm) if quote else ""
        return f"{name_of_field(part)}: {said}" if said else name_of_field(part)
    return quote if _WORD.search(quote) else name_of_field(part)
