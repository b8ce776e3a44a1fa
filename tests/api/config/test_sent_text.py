"""No text that a person sends is a fault of ours: NUL and over-long text are named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from server.accounts.models import Organisation, Unit, User
from server.common.errors import InvalidInput
from server.config.api import api

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
SOMEWHERE = str(UUID(int=7))
NUL = "a\x00b"
HALF = "a\ud83db"
LONG = "dài " * 60_000


def _leaves(schema: Any, shapes: Any, path: str = "") -> Iterator[str]:
    """Where strings stand in a body: "title", "recipients.0.name"."""
    if "$ref" in schema:
        schema = shapes[schema["$ref"].rsplit("/", 1)[-1]]
    for choice in [*schema.get("anyOf", []), *schema.get("allOf", [])]:
        yield from _leaves(choice, shapes, path)
    dot = f"{path}." if path else ""
    if schema.get("type") == "array":
        yield from _leaves(schema["items"], shapes, f"{dot}0")
    for name, inner in schema.get("properties", {}).items():
        yield from _leaves(inner, shapes, f"{dot}{name}")
    if schema.get("type") == "string" and "enum" not in schema:
        yield path


def _operations() -> Iterator[Any]:
    said = api.get_openapi_schema(path_prefix="/api/v1/")
    shapes = said["components"]["schemas"]
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            fields = sorted(set(_leaves(schema, shapes))) if schema else []
            if fields:
                yield pytest.param(method, path, fields, id=f"{method} {path}")


OPERATIONS = list(_operations())


def _address(path: str) -> str:
    words = path.split("/")
    return "/".join(SOMEWHERE if word.startswith("{") else word for word in words)


def _body(field: str, value: str) -> Any:
    body: Any = value
    for step in reversed(field.split(".")):
        body = [body] if step == "0" else {step: body}
    return body


def _send(client: Client, method: str, path: str, body: Any) -> Any:
    data = json.dumps(body)
    return client.generic(method.upper(), _address(path), data, "application/json")


@pytest.fixture
def at_work(vanthu: User, signed_in: SignedIn) -> Client:
    client = signed_in(vanthu)
    client.raise_request_exception = False
    return client


def test_there_are_operations_that_take_text() -> None:
    assert len(OPERATIONS) > 30


@pytest.mark.parametrize("value", [NUL, HALF], ids=["NUL", "half a sign"])
@pytest.mark.parametrize(("method", "path", "fields"), OPERATIONS)
def test_no_operation_takes_a_sign_that_cannot_be_stored(
    at_work: Client, method: str, path: str, fields: list[str], value: str
) -> None:
    for field in fields:
        answer = _send(at_work, method, path, _body(field, value))
        assert answer.status_code == 400, field
        assert answer.json()["code"] == "invalid_input"
        assert "U+0000" in answer.json()["fields"][field]


@pytest.mark.parametrize(("method", "path", "fields"), OPERATIONS)
def test_every_operation_names_the_text_that_is_too_long(
    at_work: Client, method: str, path: str, fields: list[str]
) -> None:
    for field in fields:
        answer = _send(at_work, method, path, _body(field, LONG))
        assert answer.status_code == 400, field
        # A choice among types of texts is named with the type behind the field.
        assert any(name.startswith(field) for name in answer.json()["fields"]), field


def test_nul_hides_in_the_name_of_a_field_or_deep_inside(at_work: Client) -> None:
    answer = _send(at_work, "post", "/api/v1/drafts", {NUL: 1})
    assert answer.status_code == 400
    deep = {"title": [{"x": ["y", NUL]}]}
    answer = _send(at_work, "post", "/api/v1/drafts", deep)
    assert list(answer.json()["fields"]) == ["title.0.x.1"]


def test_a_backslash_that_was_typed_is_no_nul(at_work: Client) -> None:
    body = {"title": r"Mã \u0000 trong văn bản", "type": "CV"}
    assert _send(at_work, "post", "/api/v1/drafts", body).status_code == 201


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/drafts?q=a%00b",
        "/api/v1/search?q=a%00b",
        "/drafts/?q=a%00b",
        "/drafts/?sort=%00",
        "/search/?q=a%00b",
        "/received/?q=a%00b",
        "/sign-in/?next=%00",
    ],
)
def test_a_query_with_nul_is_refused_by_name(at_work: Client, address: str) -> None:
    answer = at_work.get(address)
    assert answer.status_code == 400
    assert "U+0000" in answer.content.decode()


def test_a_query_without_end_is_refused(at_work: Client) -> None:
    assert at_work.get("/drafts/", {"q": "a" * 2_001}).status_code == 400
    assert at_work.get("/drafts/", {"q": "a" * 200}).status_code == 200


@pytest.mark.parametrize("value", ["a%00b", "a" * 301], ids=["NUL", "long"])
@pytest.mark.parametrize("before", ["/verify/", "/api/v1/verify/"])
def test_an_address_that_names_nothing_is_absent(
    at_work: Client, before: str, value: str
) -> None:
    assert at_work.get(f"{before}{value}").status_code == 404


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/sign-in/", "username"),
        ("/drafts/new/", "title"),
        ("/account/delegations/new/", "in_place_of"),
        ("/account/tokens/", "name"),
        ("/admin/accounts/organisation/add/", "name"),
        ("/verify/", "code"),
    ],
)
def test_no_form_takes_nul(
    quantri: User, signed_in: SignedIn, address: str, field: str
) -> None:
    client = signed_in(quantri)
    client.raise_request_exception = False
    answer = client.post(address, {field: NUL}, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "U+0000" in answer.content.decode()


def test_a_part_of_a_page_is_told_the_same(at_work: Client) -> None:
    answer = at_work.post(
        "/drafts/new/", {"title": NUL}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["title"]


def test_a_form_value_without_end_is_refused(at_work: Client) -> None:
    answer = at_work.post("/drafts/new/", {"title": LONG, "type": "CV"})
    assert answer.status_code == 400


def test_the_name_of_a_file_is_no_way_in(at_work: Client) -> None:
    file = SimpleUploadedFile("a.docx", b"PK")
    file.name = NUL + ".docx"
    answer = at_work.post("/api/v1/drafts/import", {"file": file, "title": "Công văn"})
    assert answer.status_code == 400
    answer = at_work.post("/api/v1/drafts/import", {"file": file, "title": NUL})
    assert list(answer.json()["fields"]) == ["title"]


def test_a_cookie_with_nul_signs_nobody_in(client: Client, db: None) -> None:
    client.cookies["sessionid"] = "placeholder"
    answer = client.get("/drafts/", headers={"Cookie": 'sessionid="\\000abcdefgh"'})
    assert answer.status_code == 302
    assert answer.wsgi_request.COOKIES == {}


def test_english_people_are_told_in_english(vanthu: User, signed_in: SignedIn) -> None:
    vanthu.language = "en"
    vanthu.save()
    answer = _send(signed_in(vanthu), "post", "/api/v1/drafts", {"title": NUL})
    assert "cannot be stored" in answer.json()["fields"]["title"]


def test_a_row_with_a_text_longer_than_its_column_is_not_written() -> None:
    office = Organisation.objects.create(name="Sở Y tế", abbreviation="SYT")
    with pytest.raises(InvalidInput) as refused:
        Unit.objects.create(organisation=office, name="x" * 201, abbreviation="y" * 31)
    assert set(refused.value.fields) == {"name", "abbreviation"}
    assert not Unit.objects.exists()
