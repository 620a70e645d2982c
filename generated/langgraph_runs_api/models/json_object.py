# Made by scripts/generate.py from openapi.yaml; do not edit.
from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
