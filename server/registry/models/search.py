"""What can be searched: one entry for each draft, each row of a book, each case file,
each issued document that somebody in this system got, and each incoming document whose
files say something: everybody in the office reads its row, but not its files.

Derived from the documents and from nothing else: `manage reindex` makes it anew. The
words are in SearchText; how a database indexes them is its own affair (migration 0007
and `server.registry.search`). Must never be the source of anything.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, Unit, User
from server.common.ids import new_id
from server.registry.models.registers import Register, Urgency

SHOWN_LENGTH = 500
SAVED_NAME_LENGTH = 100
SAVED_QUERY_LENGTH = 200


class SearchKind(models.TextChoices):
    DRAFT = "draft", _("Dự thảo")
    OUTGOING = "outgoing", _("Văn bản đi")
    INCOMING = "incoming", _("Văn bản đến")
    RECEIVED = "received", _("Văn bản nhận được")
    # The row of the book and the words of its files, for those who open the files.
    ATTACHED = "attached", _("Văn bản đến")
    CASE_FILE = "case_file", _("Hồ sơ")


class SearchEntry(models.Model):
    """A document as a search shows and filters it.

    `id` grows with the day (`server.registry.search.entries.place_of`): the index of
    either database walks in this order, so a page by date costs a page. A draft has
    `unit`, `log_id`, and the place in the log whose text is indexed; a row of a book
    has `register`, a case file `unit` and no type. `has_more`: another entry says the
    same and more to those who open the document's files; `epoch` of that one counts
    the files.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=SearchKind.choices)
    object_id = models.UUIDField()
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="+"
    )
    register = models.ForeignKey(
        Register, null=True, on_delete=models.CASCADE, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.CASCADE, related_name="+"
    )
    document_type = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20)
    # Whether something is still to be done about it: only then a deadline passes.
    is_open = models.BooleanField()
    has_more = models.BooleanField(default=False)
    urgency = models.CharField(
        max_length=12, choices=Urgency.choices, default=Urgency.NORMAL
    )
    deadline = models.DateField(null=True)
    dated_on = models.DateField()
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=SHOWN_LENGTH)
    # From whom: the unit of a draft or a case file, the signer of what goes out, the
    # issuer of what came in and of what was received.
    origin = models.CharField(max_length=200, blank=True)
    log_id = models.CharField(max_length=64, blank=True, default="")
    epoch = models.PositiveIntegerField(default=0)
    seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], name="search_entry_once"
            )
        ]
        indexes = [models.Index(fields=["log_id"], name="search_entry_log")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number or self.title}"


class SearchText(models.Model):
    """The words of the entry with the same id, as `search.words` made them.

    `body` is the text as people read it, for the line that shows the hit. `scope` are
    the filters as words, so that the full-text index narrows by them too.
    """

    id = models.BigAutoField(primary_key=True)
    body = models.TextField(blank=True)
    heading_words = models.TextField()
    heading_exact = models.TextField()
    words = models.TextField()
    exact = models.TextField()
    scope = models.TextField()

    def __str__(self) -> str:
        return f"{self.pk}"


class SavedSearch(models.Model):
    """A search that a person keeps under a name; nobody else sees it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=SAVED_NAME_LENGTH)
    query = models.CharField(max_length=SAVED_QUERY_LENGTH, blank=True)
    # As in the address of the page: {"kind": "draft", "year": "2026", …}.
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_search_once")
        ]

    def __str__(self) -> str:
        return self.name
