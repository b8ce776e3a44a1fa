"""Threads: what reviewers say about words of a draft, and of fields of its letterhead.

A thread stands beside the text and never in it: an anchor of two Yjs relative positions
and the quoted words says what it is about. Must never be deleted: a comment that its
author takes back leaves a tombstone, and a thread whose words are gone keeps its quote.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Unit, User
from server.common.ids import new_id
from server.registry.models import Draft

COMMENT_LENGTH = 5000
QUOTE_LENGTH = 1000
CONTEXT_LENGTH = 64
POSITION_LENGTH = 200
PART_LENGTH = 40
KEY_LENGTH = 64
FILE_NAME_LENGTH = 200
BODY = "body"


class ThreadState(models.TextChoices):
    OPEN = "open", _("đang mở")
    RESOLVED = "resolved", _("đã xong")


class ThreadBook(models.Model):
    """The counter of a draft's threads: every change of one takes the next number.

    Locked by whoever changes a thread of the draft, so the numbers appear in the order
    of the commits and "what changed after 7" misses nothing.
    """

    draft = models.OneToOneField(
        Draft, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.draft_id} @{self.revision}"


class Thread(models.Model):
    """`part` is "body", the name of a field, or "picture", of which `before` names the
    file; `unit` is the author's at that time.

    `start` and `end` are encoded relative positions in base64, of epoch `epoch`.
    No `quote`: the thread speaks of a field as such, in which nothing need be written.
    `echo`: how many letters of `before` and `after` another place with the same words
    shared when the thread was anchored; -1 when they stood nowhere else.
    `last_number` counts the comments, those taken back included.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="threads")
    revision = models.BigIntegerField()
    part = models.CharField(max_length=PART_LENGTH)
    start = models.CharField(max_length=POSITION_LENGTH)
    end = models.CharField(max_length=POSITION_LENGTH)
    epoch = models.IntegerField()
    quote = models.CharField(max_length=QUOTE_LENGTH)
    before = models.CharField(max_length=CONTEXT_LENGTH, blank=True)
    after = models.CharField(max_length=CONTEXT_LENGTH, blank=True)
    echo = models.SmallIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=ThreadState.choices, default=ThreadState.OPEN
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    assignee = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)
    last_number = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("chuỗi góp ý")
        verbose_name_plural = _("chuỗi góp ý")
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "revision"], name="thread_revision_once"
            ),
            models.CheckConstraint(
                name="thread_resolved_whole",
                condition=models.Q(
                    state="open", resolved_by__isnull=True, resolved_at__isnull=True
                )
                | models.Q(
                    state="resolved",
                    resolved_by__isnull=False,
                    resolved_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} “{self.quote[:40]}”"


class ThreadComment(models.Model):
    """One contribution; the first one opens the thread. `key` is the sender's own name
    for it, so that sending twice says it once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, related_name="comments"
    )
    number = models.IntegerField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=KEY_LENGTH)
    text = models.CharField(max_length=COMMENT_LENGTH, blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("góp ý")
        verbose_name_plural = _("góp ý")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "number"], name="comment_number_once"
            ),
            models.UniqueConstraint(fields=["author", "key"], name="comment_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} #{self.number}"


class Mention(models.Model):
    """Somebody named in a comment with @."""

    comment = models.ForeignKey(
        ThreadComment, on_delete=models.PROTECT, related_name="mentions"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="mention_once")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} @{self.user_id}"


class ThreadRead(models.Model):
    """Up to which comment a person has read a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="reads")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "user"], name="thread_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.user_id} ≤{self.number}"


class CommentFile(models.Model):
    """A file of a comment. It is uploaded first, and belongs to nobody's comment until
    that comment is sent; the bytes lie in the blob store under their digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey(
        ThreadComment, null=True, on_delete=models.PROTECT, related_name="files"
    )
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    content_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tệp của góp ý")
        verbose_name_plural = _("tệp của góp ý")

    def __str__(self) -> str:
        return self.name
