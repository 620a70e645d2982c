# Generated from openapi.yaml by `make generate`; do not edit.
from typing import Literal

BulkCancelStatus = Literal["all", "pending", "running"]

BULK_CANCEL_STATUS_VALUES: set[BulkCancelStatus] = {
    "all",
    "pending",
    "running",
}


def check_bulk_cancel_status(value: str) -> BulkCancelStatus:
    if value in BULK_CANCEL_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {BULK_CANCEL_STATUS_VALUES!r}")
