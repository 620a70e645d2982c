# Generated from openapi.yaml by `make generate`; do not edit.
from typing import Any, TypeAlias

StreamedCheckpoint: TypeAlias = dict[str, Any]
