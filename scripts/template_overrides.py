"""Our changes to openapi-python-client's templates, each a search and a replacement with its reason.

`generate.py` applies them to the pinned generator's own templates, so nothing of those is copied here, and a generator
whose template reads differently fails loudly instead of being overridden silently.
"""

from attrs import frozen


@frozen
class Override:
    """In `template`, `old` stands exactly `count` times and becomes `new`, because of `why`."""

    template: str
    why: str
    old: str
    new: str
    count: int = 1


_FREE_FORM = "not (model.required_properties or model.optional_properties)"
_FREE_FORM_PROPERTY = "not (property.required_properties or property.optional_properties)"

OVERRIDES = [
    Override(
        "models_init.py.jinja",
        "A model is loaded when it is first asked for: building attrs classes takes milliseconds, and few programs need all.",
        """\
{% for import in imports | sort %}
{{ import }}
{% endfor %}
""",
        """\
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
{% for import in imports | sort %}
    {{ import }}
{% endfor %}

_MODULES = {
{% for import in imports | sort %}
    "{{ import.split(" ")[3] }}": "{{ import.split(" ")[1] }}",
{% endfor %}
}

if not TYPE_CHECKING:  # or any name would do

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULES[name], __name__), name)
        return value
""",
    ),
    Override(
        "package_init.py.jinja",
        "The same for the clients.",
        "from .client import AuthenticatedClient, Client\n",
        """\
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

if not TYPE_CHECKING:  # or any name would do

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import client

        value = globals()[name] = getattr(client, name)
        return value
""",
    ),
    Override(
        "endpoint_module.py.jinja",
        "The clients are only named here, so they need not be loaded.",
        "from ...client import AuthenticatedClient, Client\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from ...client import AuthenticatedClient, Client\n",
    ),
    Override(
        "endpoint_module.py.jinja",
        "What that needs.",
        "from http import HTTPStatus\n",
        "from __future__ import annotations\n\nfrom http import HTTPStatus\n",
    ),
    Override(
        "types.py.jinja",
        "JSON goes out through orjson, and an object that orjson does not know is asked for plain data first.",
        """\
__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset"]""",
        '''\
def to_json(value: Any) -> bytes:
    """Serialize to JSON: besides plain data datetimes, UUIDs, enums, dataclasses, attrs classes, numpy arrays, sets and
    models with a `model_dump` method (pydantic).

    Raises:
        TypeError: For a value that is none of these.
    """
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)


def _plain(value: object) -> Any:
    if attrs_has(type(value)):
        return asdict(cast(Any, value), recurse=False)
    if isinstance(value, set | frozenset):
        return [*cast("set[object]", value)]
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Any]", value))
    if callable(dump := getattr(value, "model_dump", None)) and not isinstance(value, type):
        return dump()
    raise TypeError(f"Type is not JSON serializable: {type(value).__name__}")


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset", "to_json"]''',
    ),
    Override(
        "types.py.jinja",
        "What to_json needs.",
        """\
from typing import BinaryIO, Generic, TypeVar, Literal, IO

from attrs import define
""",
        """\
from typing import Any, BinaryIO, Generic, TypeGuard, TypeVar, Literal, IO, cast

import orjson
from attrs import asdict, define, has as attrs_has
""",
    ),
    Override(
        "model.py.jinja",
        "Free-form JSON is a dict: a schema without properties becomes an alias instead of a class.",
        "from __future__ import annotations\n",
        "{% if " + _FREE_FORM + " %}\n"
        "from typing import Any, TypeAlias\n\n"
        "{{ model.class_info.name }}: TypeAlias = dict[str, Any]\n"
        "{% else %}\n"
        "from __future__ import annotations\n",
    ),
    Override(
        "model.py.jinja",
        "Closes the condition above.",
        """\
    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
    {% endif %}
""",
        """\
    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
    {% endif %}
{% endif %}
""",
    ),
    Override(
        "property_templates/model_property.py.jinja",
        "A dict is taken as it is, after a look that it is one.",
        "{{ property.class_info.name }}.from_dict({{ source }})\n",
        "{% if "
        + _FREE_FORM_PROPERTY
        + " %}as_object({{ source }}){% else %}{{ property.class_info.name }}.from_dict({{ source }}){% endif %}\n",
    ),
    Override(
        "property_templates/model_property.py.jinja",
        "A dict is sent as it is.",
        '{% set transformed = source + ".to_dict()" %}\n',
        "{% set transformed = source if " + _FREE_FORM_PROPERTY + ' else source + ".to_dict()" %}\n',
    ),
    Override(
        "property_templates/model_property.py.jinja",
        "A check that tells strict type checkers of what the object is.",
        "isinstance({{ source }}, dict){% endmacro %}",
        "is_object({{ source }}){% endmacro %}",
    ),
    Override(
        "property_templates/list_property.py.jinja",
        "The same for a list.",
        "isinstance({{ source }}, list){% endmacro %}",
        "is_list({{ source }}){% endmacro %}",
    ),
    Override(
        "property_templates/list_property.py.jinja",
        "A declared type instead of a cast, which one checker needs and the other calls redundant.",
        "{{ property.python_name }} = cast({{ property.get_type_string(no_optional=True) | as_unembedded_code }}, {{ source }})",
        "{{ property.python_name }}: {{ property.get_type_string(no_optional=True) | as_unembedded_code }} = {{ source }}",
    ),
    Override(
        "property_templates/list_property.py.jinja",
        "Strict type checkers want to know what an empty list is for.",
        "{% if property.required %}\n{{ property.python_name }} = []\n",
        "{% if property.required %}\n"
        "{{ property.python_name }}: {{ property.get_type_string(no_optional=True) | as_unembedded_code }} = []\n",
    ),
    Override(
        "model.py.jinja",
        "And what an empty dict is for.",
        "{{ additional_property_type }}] = _attrs_field(init=False, factory=dict)",
        "{{ additional_property_type }}] = _attrs_field(init=False, factory=dict[str, {{ additional_property_type }}])",
    ),
    Override(
        "client.py.jinja",
        "The same.",
        "dict[str, str] = field(factory=dict,",
        "dict[str, str] = field(factory=dict[str, str],",
        count=2,
    ),
    Override(
        "client.py.jinja",
        "The same.",
        "dict[str, Any] = field(factory=dict,",
        "dict[str, Any] = field(factory=dict[str, Any],",
    ),
    Override(
        "types.py.jinja",
        "The look: what should be a JSON object and is none is an error where it is read, not where it is used.",
        "@define\nclass Response(Generic[T]):",
        '''\
def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether the value is a JSON object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether the value is a JSON array."""
    return isinstance(value, list)


def as_object(value: Any) -> dict[str, Any]:
    """The value itself, or an empty dict for None, where the description promises a JSON object.

    Raises:
        TypeError: If it is something else.
    """
    if value is None:
        return {}
    if not is_object(value):
        raise TypeError(f"Expected a JSON object, got {type(value).__name__}")
    return value


@define
class Response(Generic[T]):''',
    ),
    Override(
        "model.py.jinja",
        "What as_object and the checks need.",
        "from ..types import UNSET, Unset\n",
        "from ..types import UNSET, Unset, as_object, is_list, is_object\n",
    ),
    Override(
        "model.py.jinja",
        "In an answer a missing field reads as None, or as an empty dict (generate.py declares such fields nullable).",
        """\
        {% set property_source = 'd.pop("' + (property.name | in_double_quote_literal) + '")' %}
""",
        """\
        {% set types = property.get_type_string(json=True) | as_unembedded_code %}
        {% set missing = ", None" if "None" in types or "Any" in types else "" %}
        {% set property_source = 'd.pop("' + (property.name | in_double_quote_literal) + '"' + missing + ')' %}
""",
    ),
    Override(
        "endpoint_module.py.jinja",
        "Building a request is public: the facade sends it itself.",
        "def _get_kwargs(\n    {{ arguments(endpoint, include_client=False) | indent(4) }}\n) -> dict[str, Any]:\n",
        "def get_kwargs(\n    {{ arguments(endpoint, include_client=False) | indent(4) }}\n) -> dict[str, Any]:\n"
        '    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""\n',
    ),
    Override(
        "endpoint_module.py.jinja",
        "The same, where it is called.",
        "kwargs = _get_kwargs(",
        "kwargs = get_kwargs(",
        count=2,
    ),
    Override(
        "endpoint_macros.py.jinja",
        "The body goes out as bytes made by orjson.",
        '{{ prop_template.transform(property, property.python_name, "_kwargs[\\"json\\"]", skip_unset=True, '
        "declare_type=False) }}\n",
        "json_body: {{ property.get_type_string(json=True) | as_unembedded_code }}\n"
        '{{ prop_template.transform(property, property.python_name, "json_body", skip_unset=True, '
        "declare_type=False) }}\n"
        '_kwargs["content"] = to_json(json_body)\n',
    ),
    Override(
        "endpoint_module.py.jinja",
        "What that needs.",
        "from ...types import Response, UNSET\n",
        "from ...types import Response, UNSET, as_object, is_list, is_object, to_json\nimport orjson\n",
    ),
    Override(
        "endpoint_module.py.jinja",
        "Parsing an answer is public and needs no client or httpx response, only what came.",
        "def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> {{return_type}}:\n",
        "def parse_response(status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True)"
        " -> {{return_type}}:\n"
        '    """The answer as this package\'s types.\n\n'
        "    Raises:\n"
        "        errors.UnexpectedStatus: If the status is not documented as a success and raise_on_unexpected_status"
        " is True.\n"
        "        KeyError: If a required field is missing; its argument is the field's name.\n"
        "        TypeError: If a value is of another type than documented.\n"
        "        ValueError: If the content is not JSON, or a date is not one.\n"
        '    """\n',
    ),
    Override(
        "endpoint_module.py.jinja",
        "The same, inside.",
        "    if response.status_code == {{ code_range[0] }}:\n",
        "    if status_code == {{ code_range[0] }}:\n",
    ),
    Override(
        "endpoint_module.py.jinja",
        "The same, inside.",
        """\
    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
""",
        """\
    if raise_on_unexpected_status:
        raise errors.UnexpectedStatus(status_code, content)
""",
    ),
    Override(
        "endpoint_module.py.jinja",
        "The same, where it is called.",
        "        parsed=_parse_response(client=client, response=response),\n",
        "        parsed=parse_response(\n"
        "            response.status_code,\n"
        "            response.content,\n"
        "            raise_on_unexpected_status=client.raise_on_unexpected_status,\n"
        "        ),\n",
    ),
    Override(
        "endpoint_macros.py.jinja",
        "JSON is read by orjson from the bytes that came.",
        "response.source.attribute }}",
        'response.source.attribute | replace("response.json()", "orjson.loads(content)")'
        ' | replace("response.text", "content.decode()") }}',
        count=2,
    ),
    Override(
        "endpoint_macros.py.jinja",
        "The same, for what is built from it.",
        "{{ prop_template.construct(response.prop, response.source.attribute) }}",
        '{{ prop_template.construct(response.prop, response.source.attribute | replace("response.json()", '
        '"orjson.loads(content)")) }}',
    ),
]
