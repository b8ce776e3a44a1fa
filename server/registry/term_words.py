"""How near a deadline is, in the words of the reader: of work and of opinions alike.

Must never decide how near it is; `incoming_terms` does.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from server.common.workdays import end_of_term
from server.registry.incoming_terms import Term, term_of


def term_in_words(deadline: date | None, today: date) -> str:
    """ "Quá hạn 3 ngày", "Hạn hôm nay", "Sắp đến hạn", or nothing."""
    found = term_of(deadline, today)
    if found is Term.OVER and deadline is not None:
        late = (today - end_of_term(deadline)).days
        return ngettext("Quá hạn %(n)s ngày", "Quá hạn %(n)s ngày", late) % {"n": late}
    if found is Term.TODAY:
        return _("Hạn hôm nay")
    return _("Sắp đến hạn") if found is Term.SOON else ""
