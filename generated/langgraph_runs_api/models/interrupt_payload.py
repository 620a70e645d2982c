# Generated from openapi.yaml by `make generate`; do not edit.
from typing import Any, TypeAlias

InterruptPayload: TypeAlias = dict[str, Any]
