# Generated from openapi.yaml by `make generate`; do not edit.
from typing import Literal

OnConflictBehavior = Literal["do_nothing", "raise"]

ON_CONFLICT_BEHAVIOR_VALUES: set[OnConflictBehavior] = {
    "do_nothing",
    "raise",
}


def check_on_conflict_behavior(value: str) -> OnConflictBehavior:
    if value in ON_CONFLICT_BEHAVIOR_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ON_CONFLICT_BEHAVIOR_VALUES!r}")
