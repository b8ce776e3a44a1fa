"""Names of the document types as they stand in capitals above a document.

Read from the rule-sets. The registry keeps what else it knows of a type; a test holds
the two lists together. Must never hold rights or texts.
"""

from __future__ import annotations

from server.publishing.rules import all_rules
from server.publishing.rules.model import Kind

LETTER = "CV"  # công văn: no name line; its subject stands under the number


def type_names(kind: Kind = "state") -> dict[str, str]:
    """Code → name, of types with a name line, over all rule-sets of a kind."""
    return {
        code: layout.name
        for rules in all_rules()
        if rules.kind == kind
        for code, layout in rules.types.items()
        if layout.name_line and layout.subject != "letter"
    }
