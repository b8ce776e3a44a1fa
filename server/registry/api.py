"""The registry's part of the HTTP API. It only translates: rights and rules are in
`access`, `actions` and `queries`, which the pages call too."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["drafts"])
