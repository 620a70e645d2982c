# Generated from openapi.yaml by `make generate`; do not edit.
from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
