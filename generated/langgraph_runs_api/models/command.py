# Generated from openapi.yaml by `make generate`; do not edit.
from typing import Any, TypeAlias

Command: TypeAlias = dict[str, Any]
