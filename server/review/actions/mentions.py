"""Who is named in a comment. Must never name somebody whom the draft does not reach."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from server.common.errors import InvalidInput, Message
from server.registry.access import Access
from server.review.models import Mention, ThreadComment
from server.review.people import among

MOST_MENTIONS = 20


def named(access: Access, ids: Sequence[UUID]) -> set[UUID]:
    """The people. Raises InvalidInput when one may not comment, or for too many."""
    wanted = set(ids)
    message: Message
    if len(wanted) > MOST_MENTIONS:
        message = _("Chỉ nhắc được nhiều nhất %(limit)s người.") % {
            "limit": MOST_MENTIONS
        }
        raise InvalidInput(message, fields={"mentions": message})
    if wanted - among(access.draft, wanted).keys():
        message = _(
            "Có người được nhắc chưa có quyền góp ý dự thảo. "
            "Hãy chia sẻ dự thảo trước, hoặc bỏ tên khỏi góp ý."
        )
        raise InvalidInput(message, fields={"mentions": message})
    return wanted


def mention(comment: ThreadComment, users: set[UUID]) -> None:
    Mention.objects.bulk_create(
        Mention(comment=comment, user_id=user) for user in sorted(users)
    )
