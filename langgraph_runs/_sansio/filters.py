"""Filters runs on the client's side, since no server filters by metadata or time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from langgraph_runs._sansio.checks import take
from langgraph_runs_api.models import PartialRun, Run, RunSelectField
from langgraph_runs_api.values import from_json, to_json


class RunFilter(NamedTuple):
    """Conditions on runs, from the options of `list`; None matches every run."""

    metadata: Mapping[str, Any] | None
    created_after: datetime | None
    created_before: datetime | None

    @classmethod
    def take(cls, given: dict[str, Any]) -> Self:
        """Take the conditions out of checked options, with the metadata as it was sent when the run was created."""
        metadata, after, before = take(given, *cls._fields)
        return cls(from_json(to_json({"metadata": metadata}))["metadata"], after, before)

    @property
    def active(self) -> bool:
        """Whether there is any condition."""
        return bool(self.metadata) or self.created_after is not None or self.created_before is not None

    def fields(self, select: list[RunSelectField]) -> list[RunSelectField]:
        """The selected fields, and those that the filter needs."""
        needed: list[RunSelectField] = ["run_id", "metadata", "created_at"]
        return [*dict.fromkeys([*select, *needed])]

    def matches(self, run: Run | PartialRun) -> bool:
        """Whether a run meets all conditions."""
        if self.metadata and not all(
            key in run.metadata and run.metadata[key] == value for key, value in self.metadata.items()
        ):
            return False
        after, before, created = self.created_after, self.created_before, run.created_at
        if created is None:
            return after is before is None
        created = created if created.tzinfo else created.replace(tzinfo=UTC)
        return (after is None or created > after) and (before is None or created < before)
