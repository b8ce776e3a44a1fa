"""Measure the search over 200,000 documents on the configured database.

A process of its own (`python -m tests.bench.searching`), because Django takes its
database from the environment once. The rows are made here, by the functions that index
a document, and written in bulk. Prints one JSON object of figures in milliseconds; of
the questions they are processor time, which other work on the machine lengthens least.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

DOCUMENTS = int(os.environ.get("SEARCH_BENCH_DOCUMENTS", "200000"))
BATCH = 2_000
ROUNDS = 5
FIRST_DAY = date(2021, 1, 4)
DAYS = 5 * 365
PHRASES = (
    "ủy ban nhân dân tỉnh", "cải cách hành chính", "báo cáo kết quả thực hiện",
    "kế hoạch công tác", "chuyển đổi số", "kiểm tra đôn đốc", "sở nội vụ",
    "phòng chống thiên tai", "hệ thống thông tin", "giải quyết thủ tục hành chính",
    "văn phòng", "tập huấn nghiệp vụ văn thư", "đầu tư công", "giải phóng mặt bằng",
    "an toàn thực phẩm", "đất đai", "môi trường", "giáo dục và đào tạo", "y tế",
    "hoà giải ở cơ sở", "quy chế làm việc", "thi đua khen thưởng", "ngân sách nhà nước",
)  # fmt: skip
TYPES = ("CV", "CV", "CV", "QĐ", "TB", "BC", "KH", "TTr")


class Texts:
    """Text that is like an office's: some phrases everywhere, and a long tail of
    syllables, each about as frequent as its rank says (Zipf)."""

    def __init__(self) -> None:
        self._random = random.Random(20261127)
        first = [
            "b",
            "c",
            "ch",
            "d",
            "đ",
            "g",
            "gh",
            "h",
            "k",
            "kh",
            "l",
            "m",
            "n",
            "ng",
            "nh",
            "p",
            "ph",
            "qu",
            "r",
            "s",
            "t",
            "th",
            "tr",
            "v",
            "x",
        ]
        last = "a á à ả ã ạ an án ang áng anh ánh ao áo âu ấu ăn ắn e é en én ê ế i í"
        last += " iên iến o ó on ón ông ống u ú un ún ươn ướng ưa ứa oai oái oàn uyên"
        self._syllables = [a + b for a in first for b in last.split()]
        self._random.shuffle(self._syllables)
        weights = [1 / (rank + 3) for rank in range(len(self._syllables))]
        self._weights = list(itertools.accumulate(weights))

    def words(self, count: int) -> str:
        found = self._random.choices(
            self._syllables, cum_weights=self._weights, k=count
        )
        for _ in range(max(1, count // 12)):
            found.insert(self._random.randrange(len(found)), self.phrase())
        return " ".join(found)

    def phrase(self) -> str:
        return self._random.choice(PHRASES)

    def rank(self, place: float) -> str:
        """A syllable of the tail: 0 is the most frequent, 1 the rarest."""
        return self._syllables[int(place * (len(self._syllables) - 1))]


def build() -> dict[str, Any]:
    """The office, its people and all entries. Returns the people by name."""
    from server.accounts.models import Membership, Organisation, Role, Unit, User
    from server.common import clock
    from server.registry.models import Register

    office = Organisation.objects.create(name="Văn phòng UBND", abbreviation="VPUBND")
    other = Organisation.objects.create(name="Sở Nội vụ", abbreviation="SNV")
    units = [
        Unit.objects.create(
            organisation=office, name=f"Phòng {n}", abbreviation=f"P{n}"
        )
        for n in range(8)
    ]
    far = Unit.objects.create(organisation=other, name="Văn phòng Sở", abbreviation="V")
    people = {}
    for name, unit, role in (
        ("clerk", units[0], Role.CLERK),
        ("official", units[1], Role.OFFICIAL),
        ("head", units[2], Role.HEAD),
        ("administrator", units[3], Role.ADMINISTRATOR),
        ("outsider", far, Role.OFFICIAL),
    ):
        people[name] = User.objects.create_user(name, None, full_name=name.title())
        Membership.objects.create(user=people[name], unit=unit, role=role)
    registers = [
        Register.objects.create(
            organisation=organisation, name=f"{kind} {organisation.name}", kind=kind,
            created_by=people["clerk"], created_at=clock.now(),
        )
        for organisation in (office, other)
        for kind in ("outgoing", "incoming")
    ]  # fmt: skip
    texts = Texts()
    sources = _sources(texts, registers, units, people)
    while batch := list(itertools.islice(sources, BATCH)):
        write(batch, people)
    return {"people": people, "texts": texts}


def _sources(
    texts: Texts, registers: list[Any], units: list[Any], people: dict[str, Any]
) -> Iterator[tuple[Any, Any]]:
    """Two of five go out, two come in, one is a draft; 2 % belong to another office."""
    chance = random.Random(1)
    for number in range(DOCUMENTS):
        day = FIRST_DAY + timedelta(days=number * DAYS // DOCUMENTS)
        kind = ("outgoing", "incoming", "outgoing", "incoming", "draft")[number % 5]
        if kind == "draft":
            yield _draft(texts, chance, number, day, units[number % 8], people)
        else:
            far = number % 50 == 0
            register = registers[2 * far + (kind == "incoming")]
            yield None, _row(texts, chance, number, day, register)


def _row(
    texts: Texts, chance: random.Random, number: int, day: date, register: Any
) -> Any:
    from server.registry.models import SearchEntry
    from server.registry.search.store import Source

    goes_out = register.kind == "outgoing"
    deadline = day + timedelta(days=chance.randrange(5, 60))
    is_open = chance.random() < 0.02
    title = f"{texts.phrase()} {texts.words(12)}"
    entry = SearchEntry(
        kind=register.kind, object_id=UUID(int=chance.getrandbits(128)),
        organisation_id=register.organisation_id, register=register,
        document_type=chance.choice(TYPES), year=day.year,
        state="issued" if goes_out else "open" if is_open else "answered",
        is_open=is_open, urgency=chance.choice(("normal",) * 9 + ("urgent",)),
        deadline=deadline if chance.random() < 0.3 else None, dated_on=day,
        number=f"{number % 9000 + 1}/VPUBND-P{number % 8}", title=title[:500],
        origin="Sở Nội vụ",
    )  # fmt: skip
    body = [texts.words(150 if goes_out else 40)]
    return Source(entry, number % 9000, [entry.number, title], body)


def _draft(
    texts: Texts, chance: random.Random, number: int, day: date, unit: Any,
    people: dict[str, Any],
) -> tuple[Any, Any]:  # fmt: skip
    from server.registry.models import Draft, SearchEntry
    from server.registry.search.store import Source

    title = f"V/v {texts.words(12)}"[:500]
    at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    draft = Draft(
        id=UUID(int=chance.getrandbits(128)), title=title, document_type="CV",
        source="blank", created_by=people["clerk"], unit=unit,
        organisation_id=unit.organisation_id, created_at=at, updated_at=at,
        search_key=title, title_key=b"",
    )  # fmt: skip
    entry = SearchEntry(
        kind="draft", object_id=draft.pk, organisation_id=unit.organisation_id,
        unit=unit, document_type="CV", year=day.year, state="drafting", is_open=True,
        dated_on=day, title=title, origin=unit.name, log_id=str(draft.pk),
    )  # fmt: skip
    return draft, Source(entry, number % 80_000, [title], [texts.words(300)])


def write(batch: list[tuple[Any, Any]], people: dict[str, Any]) -> None:
    """In bulk; the words are made by the product's own functions. Every 15th draft is
    shared with the official's unit, every 150th with the outsider."""
    from django.db import transaction

    from server.registry.models import Draft, DraftShare, SearchEntry, SearchText
    from server.registry.search.index import index_of
    from server.registry.search.store import place_of_source, text_of

    drafts = [draft for draft, _ in batch if draft is not None]
    unit = people["official"].memberships.get().unit
    shares = {
        draft.pk: DraftShare(
            draft=draft,
            user=people["outsider"] if n % 150 == 0 else None,
            unit=None if n % 150 == 0 else unit,
            level=1,
            granted_by=people["clerk"],
            at=draft.created_at,
        )
        for n, draft in enumerate(drafts)
        if n % 15 == 0
    }
    batch = [
        (draft, source if draft is None else _shared(source, shares.get(draft.pk)))
        for draft, source in batch
    ]
    for _, source in batch:
        source.entry.pk = place_of_source(source)
    with transaction.atomic():
        Draft.objects.bulk_create(drafts)
        DraftShare.objects.bulk_create(shares.values())
        SearchEntry.objects.bulk_create([source.entry for _, source in batch])
        SearchText.objects.bulk_create([text_of(source) for _, source in batch])
        index_of().add([source.entry.pk for _, source in batch])


def _shared(source: Any, share: Any) -> Any:
    from server.registry.search import scope

    if share is None:
        return source
    if share.user_id:
        return replace(source, shares=(scope.shared_with_person(share.user_id),))
    return replace(source, shares=(scope.shared_with_unit(share.unit_id),))


def questions(texts: Texts, turn: int) -> dict[str, dict[str, Any]]:
    """What people ask, by the name of its kind; each turn other words."""
    from server.registry.queries.search import SearchFilter

    common, other = PHRASES[turn % len(PHRASES)], PHRASES[(turn + 7) % len(PHRASES)]
    rare, some = texts.rank(0.9 + turn / 100), texts.rank(0.2 + turn / 50)
    plain = "giai quyet thu tuc hanh chinh"
    return {
        "a rare word": {"typed": rare},
        "a frequent and a rarer word": {"typed": f"{common.split()[0]} {some}"},
        "a number": {"typed": f"{turn * 711 + 5}/VPUBND-P{turn % 8}"},
        "a part of a number": {"typed": f"{turn * 711 + 5}"},
        "frequent words": {"typed": f"{common} {other}"},
        "frequent words without accents": {"typed": plain},
        "a frequent phrase": {"typed": f'"{common}"'},
        "a phrase and an exclusion": {"typed": f'"{common}" -{some}'},
        "an unfinished word": {"typed": f"{common} {some[:2]}"},
        "frequent words, one type and year": {
            "typed": common,
            "shown": SearchFilter(document_type="BC", year=2023),
        },
        "frequent words, deadline over": {
            "typed": common,
            "shown": SearchFilter(deadline="over"),
        },
        "frequent words, drafts only": {
            "typed": common,
            "shown": SearchFilter(kind="draft"),
        },
        "frequent words by date, oldest first": {"typed": common, "sort": "date"},
        "no words, only filters": {
            "typed": "",
            "shown": SearchFilter(kind="incoming", urgency="urgent", year=2024),
        },
    }


def measure(office: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of processor time of each question by each person."""
    from server.registry.queries.search import search

    # As a server does when it has started: what stays is not looked at for garbage.
    gc.collect()
    gc.freeze()
    spent = Processors()
    taken: dict[str, list[float]] = {}
    by_person: dict[str, list[float]] = {}
    for turn in range(ROUNDS):
        for name, person in office["people"].items():
            for kind, asked in questions(office["texts"], turn).items():
                before = spent.milliseconds()
                search(person, **asked)
                cost = spent.milliseconds() - before
                taken.setdefault(kind, []).append(cost)
                by_person.setdefault(name, []).append(cost)
    every = [one for some in taken.values() for one in some]
    return {
        "documents": DOCUMENTS,
        "p50": at(every, 0.5),
        "p95": at(every, 0.95),
        "worst": max(every),
        "by question": {kind: at(some, 0.95) for kind, some in taken.items()},
        "by person": {name: at(some, 0.95) for name, some in by_person.items()},
    }


class Processors:
    """Processor time of this process and, for PostgreSQL, of what works for it.

    Time that passes would tell how busy the machine is with other things. The kernel
    counts the nanoseconds of a backend; of the helpers that it starts for one question
    only hundredths of a second, when they have ended.
    """

    def __init__(self) -> None:
        from django.db import connection

        self._backend: Path | None = None
        self._starter: psutil.Process | None = None
        if connection.vendor == "postgresql":
            connection.ensure_connection()
            pid = connection.connection.info.backend_pid
            self._backend = Path(f"/proc/{pid}/schedstat")
            self._starter = psutil.Process(pid).parent()

    def milliseconds(self) -> float:
        spent = time.process_time() * 1000
        if self._backend is not None:
            spent += int(self._backend.read_text().split()[0]) / 1e6
        if self._starter is not None:
            helpers = self._starter.cpu_times()
            spent += (helpers.children_user + helpers.children_system) * 1000
        return spent


def at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    office = build()
    built = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    each = built * 1000 / DOCUMENTS
    print(json.dumps({"indexed_ms": each, **measure(office)}))


if __name__ == "__main__":
    main()
