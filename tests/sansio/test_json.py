"""Objects of the caller's own become JSON: pydantic's models, dataclasses and attrs classes. What can't is named by its path."""

import dataclasses
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from ipaddress import IPv4Address
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from uuid import UUID

import attrs
import numpy as np
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


class OtherTime(datetime):
    """As of pandas, pendulum or freezegun."""


class NoTime(datetime):
    """As NaT of pandas."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return False


class OtherDay(date):
    """As of freezegun."""


class OtherUUID(UUID):
    """As of asyncpg."""


class Pair(NamedTuple):
    one: Any
    other: Any


class Place(BaseModel):
    path: Path


SQUARE = np.array([[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("value", "as_sent"),
    [
        (OtherTime(2026, 11, 22, 12, tzinfo=UTC), "2026-11-22T12:00:00+00:00"),
        (OtherTime(2026, 11, 22, 12, 0, 0, 5), "2026-11-22T12:00:00.000005"),
        (OtherDay(2026, 11, 22), "2026-11-22"),
        (OtherUUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (Pair(1, Pair(NOON, None)), [1, ["2026-11-22T12:00:00+01:00", None]]),
        (SQUARE.T, [[1, 3], [2, 4]]),
        (SQUARE[:, ::2], [[1], [3]]),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array([1, None, "a"]), [1, None, "a"]),
        (np.array(["2026-11-22", "2026-11-23"], dtype="datetime64[ns]")[::2], ["2026-11-22T00:00:00"]),
        (PurePosixPath("/a/b"), "/a/b"),
        (Place(path=Path("a")), {"path": "a"}),
    ],
    ids=repr,
)
def test_what_is_a_time_an_id_a_tuple_an_array_or_a_path_is_sent_whatever_its_class(value: Any, as_sent: Any) -> None:
    assert sent({"input": {"a": value}, "metadata": {"b": [value]}}) == {
        "input": {"a": as_sent},
        "metadata": {"b": [as_sent]},
    }


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
        (Pair(1, NoTime(2026, 11, 22)), "input[1]: NoTime is not JSON"),
        (np.array([1, object()]), "input[1]: object is not JSON"),
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
