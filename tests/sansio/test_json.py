"""Objects of the caller's own become JSON: pydantic's models, dataclasses and attrs classes. What can't is named by its path."""

import dataclasses
import re
from datetime import datetime
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Any

import attrs
import orjson
import pydantic.v1
import pytest
from pydantic import BaseModel, HttpUrl, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from langgraph_runs._sansio.requests import batch
from langgraph_runs_api.values import to_json
from tests.sansio.test_requests import NOON, Color, Point, Shape, sent


class Customer(BaseModel):
    name: str
    page: HttpUrl
    address: IPv4Address
    balance: Decimal
    since: datetime
    color: Color
    tags: set[str]


class OldCustomer(pydantic.v1.BaseModel):
    name: str
    since: datetime


@attrs.define
class Wallet:
    owner: Any


CUSTOMER = Customer.model_validate(
    {
        "name": "a",
        "page": "https://example.com/a",
        "address": "192.0.2.1",
        "balance": "0.10",
        "since": NOON,
        "color": "red",
        "tags": ["x"],
    }
)
SENT_CUSTOMER = {
    "name": "a",
    "page": "https://example.com/a",
    "address": "192.0.2.1",
    "balance": "0.10",
    "since": "2026-11-22T12:00:00+01:00",
    "color": "red",
    "tags": ["x"],
}


def test_models_of_pydantic_are_sent_with_their_types() -> None:
    assert sent({"input": CUSTOMER}) == {"input": SENT_CUSTOMER}
    assert sent({"input": {"many": [Wallet(CUSTOMER)]}}) == {"input": {"many": [{"owner": SENT_CUSTOMER}]}}
    old = OldCustomer(name="b", since=NOON)
    assert sent({"input": [old]}) == {"input": [{"name": "b", "since": "2026-11-22T12:00:00+01:00"}]}


@pytest.mark.parametrize("argument", ["context", "config", "metadata"])
@pytest.mark.parametrize("value", [Point(1), Shape("s", []), CUSTOMER, OldCustomer(name="b", since=NOON)], ids=repr)
def test_what_has_fields_is_sent_as_a_mapping(argument: str, value: Any) -> None:
    assert sent({argument: value}) == {argument: sent({"input": value})["input"]}


class Secrets(BaseModel):
    key: SecretStr


class OldSecrets(pydantic.v1.BaseModel):
    key: pydantic.v1.SecretBytes


@dataclasses.dataclass
class Photo:
    data: Any


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"customer": {"photo": b"x"}}, "input.customer.photo: bytes is not JSON"),
        ({"customer": Photo(b"x")}, "input.customer.data: bytes is not JSON"),
        ({"customers": [Wallet(1), Wallet({3: object()})]}, "input.customers[1].owner.3: object is not JSON"),
        ([Secrets(key=SecretStr("hidden"))], r"input[0].key: SecretStr is a secret; send value.get_secret_value()"),
        (
            OldSecrets.parse_obj({"key": b"hidden"}),
            r"input.key: SecretBytes is a secret; send value.get_secret_value()",
        ),
        (SecretBytes(b"hidden"), r"input: SecretBytes is a secret; send value.get_secret_value()"),
        ({"customer": Customer}, "input.customer: ModelMetaclass is not JSON"),
        ([OldCustomer], "input[0]: ModelMetaclass is not JSON"),
        (Photo(FieldInfo()), "input.data: FieldInfo is not JSON"),
        ({"a": [{"b": 2**64}]}, "input.a[0].b: Integer exceeds 64-bit range"),
        (Wallet("a\ud83d"), "input.owner: str is not valid UTF-8: surrogates not allowed"),
    ],
)
def test_what_can_not_be_sent_is_named_with_its_path(value: Any, problem: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(problem)}") as caught:
        sent({"input": value})
    assert "hidden" not in str(caught.value)


class Counted:
    """An object that counts how often it is asked for its data."""

    def __init__(self) -> None:
        self.dumps = 0

    def model_dump(self) -> dict[str, Any]:
        self.dumps += 1
        return {"a": 1}


def test_a_large_input_becomes_json_once() -> None:
    one, other = Counted(), Counted()
    assert sent({"input": [one]}) == {"input": [{"a": 1}]}
    assert orjson.loads(batch([{"assistant_id": "a", "input": other}])["content"])[0]["input"] == {"a": 1}
    assert (one.dumps, other.dumps) == (1, 1)


def test_what_can_not_be_json_is_named_also_outside_of_a_request() -> None:
    with pytest.raises(TypeError, match=r"^\[0\]\.a: object is not JSON$"):
        to_json([{"a": object()}])
    with pytest.raises(TypeError, match="^object is not JSON$"):
        to_json(object())
