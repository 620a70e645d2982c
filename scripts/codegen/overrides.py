"""Our changes to openapi-python-client's templates, each with its reason.

An override replaces a piece of text in one of the pinned generator's own templates, so we keep no copy of a template.
If a new version of the generator words that piece differently, generating fails and names the override.

What the changed templates need at run time is in `runtime/`.
"""

from attrs import frozen


@frozen
class Override:
    """A replacement in a template.

    Attributes:
        template: The template's file name.
        why: The reason for the change.
        old: The text to replace.
        new: The text that takes its place.
        count: How often the template must contain `old`.
    """

    template: str
    why: str
    old: str
    new: str
    count: int = 1


_FREE_FORM = "not (model.required_properties or model.optional_properties)"
_FREE_FORM_PROPERTY = "not (property.required_properties or property.optional_properties)"
_LIST_TYPE = "{{ property.get_type_string(no_optional=True) | as_unembedded_code }}"

OVERRIDES = [
    # What is imported, and when
    Override(
        "models_init.py.jinja",
        "A model is imported when it is first used (runtime/lazy.py says why).",
        """\
{% for import in imports | sort %}
{{ import }}
{% endfor %}
""",
        """\
from typing import TYPE_CHECKING

from ..lazy import lazy_names

if TYPE_CHECKING:
{% for import in imports | sort %}
    {{ import }}
{% endfor %}

if not TYPE_CHECKING:  # a type checker would accept any name
    __getattr__ = lazy_names(__name__, {
{% for import in imports | sort %}
        "{{ import.split(" ")[3] }}": "{{ import.split(" ")[1] }}",
{% endfor %}
    })
""",
    ),
    Override(
        "package_init.py.jinja",
        "A client is imported when it is first used: a program that sends the requests itself needs none.",
        "from .client import AuthenticatedClient, Client\n",
        """\
from typing import TYPE_CHECKING

from .lazy import lazy_names

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

if not TYPE_CHECKING:  # a type checker would accept any name
    __getattr__ = lazy_names(__name__, {"AuthenticatedClient": ".client", "Client": ".client"})
""",
    ),
    Override(
        "endpoint_module.py.jinja",
        "Only annotations name the clients, so they are not imported at run time; that needs postponed annotations.",
        """\
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

{% for relative in endpoint.relative_imports | sort %}
{{ relative }}
{% endfor %}
""",
        """\
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import httpx
import orjson

from ... import errors
from ...types import Response, UNSET
from ...values import as_object, is_list, is_object, to_json

{% for relative in endpoint.relative_imports | sort %}
{{ relative }}
{% endfor %}

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
""",
    ),
    Override(
        "model.py.jinja",
        "Models use the functions of runtime/values.py. Ruff deletes the imports that a model does not need.",
        "from ..types import UNSET, Unset\n",
        "from ..types import UNSET, Unset\nfrom ..values import as_object, is_list, is_object\n",
    ),
    Override(
        "types.py.jinja",
        "A named tuple takes a fifth of the time that an attrs class takes when it is imported.",
        "from typing import BinaryIO, Generic, TypeVar, Literal, IO\n",
        "from typing import BinaryIO, Generic, NamedTuple, TypeVar, Literal, IO\n",
    ),
    Override("types.py.jinja", "As above.", "@define\nclass File:\n", "class File(NamedTuple):\n"),
    Override(
        "types.py.jinja",
        "As above.",
        "@define\nclass Response(Generic[T]):\n",
        "class Response(NamedTuple, Generic[T]):\n",
    ),
    # Free-form JSON is a dict
    Override(
        "model.py.jinja",
        "A schema without properties becomes an alias of dict instead of a class.",
        "from __future__ import annotations\n",
        "{% if " + _FREE_FORM + " %}\n"
        "from typing import Any, TypeAlias\n\n"
        "{{ model.class_info.name }}: TypeAlias = dict[str, Any]\n"
        "{% else %}\n"
        "from __future__ import annotations\n",
    ),
    Override(
        "model.py.jinja",
        "The end of the condition above.",
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
        "A dict in a response is kept as it is, once it is known to be one.",
        "{{ property.class_info.name }}.from_dict({{ source }})\n",
        "{% if "
        + _FREE_FORM_PROPERTY
        + " %}as_object({{ source }}){% else %}{{ property.class_info.name }}.from_dict({{ source }}){% endif %}\n",
    ),
    Override(
        "property_templates/model_property.py.jinja",
        "A dict in a request is sent as it is.",
        '{% set transformed = source + ".to_dict()" %}\n',
        "{% set transformed = source if " + _FREE_FORM_PROPERTY + ' else source + ".to_dict()" %}\n',
    ),
    Override(
        "model.py.jinja",
        "A missing field of a response reads as None, or as an empty dict: description.py makes such fields nullable.",
        """\
        {% set property_source = 'd.pop("' + (property.name | in_double_quote_literal) + '")' %}
""",
        """\
        {% set types = property.get_type_string(json=True) | as_unembedded_code %}
        {% set missing = ", None" if "None" in types or "Any" in types else "" %}
        {% set property_source = 'd.pop("' + (property.name | in_double_quote_literal) + '"' + missing + ')' %}
""",
    ),
    # Types that mypy and pyright in strict mode accept
    Override(
        "property_templates/model_property.py.jinja",
        "isinstance leaves open what the dict holds.",
        "isinstance({{ source }}, dict){% endmacro %}",
        "is_object({{ source }}){% endmacro %}",
    ),
    Override(
        "property_templates/list_property.py.jinja",
        "isinstance leaves open what the list holds.",
        "isinstance({{ source }}, list){% endmacro %}",
        "is_list({{ source }}){% endmacro %}",
    ),
    Override(
        "property_templates/list_property.py.jinja",
        "A declared type instead of a cast, which pyright needs and mypy calls redundant.",
        "{{ property.python_name }} = cast(" + _LIST_TYPE + ", {{ source }})",
        "{{ property.python_name }}: " + _LIST_TYPE + " = {{ source }}",
    ),
    Override(
        "property_templates/list_property.py.jinja",
        "An empty list needs a declared type.",
        "{% if property.required %}\n{{ property.python_name }} = []\n",
        "{% if property.required %}\n{{ property.python_name }}: " + _LIST_TYPE + " = []\n",
    ),
    Override(
        "model.py.jinja",
        "The factory of an empty dict needs a type.",
        "{{ additional_property_type }}] = _attrs_field(init=False, factory=dict)",
        "{{ additional_property_type }}] = _attrs_field(init=False, factory=dict[str, {{ additional_property_type }}])",
    ),
    Override(
        "client.py.jinja",
        "The factory of an empty dict needs a type.",
        "dict[str, str] = field(factory=dict,",
        "dict[str, str] = field(factory=dict[str, str],",
        count=2,
    ),
    Override(
        "client.py.jinja",
        "The factory of an empty dict needs a type.",
        "dict[str, Any] = field(factory=dict,",
        "dict[str, Any] = field(factory=dict[str, Any],",
    ),
    # Building a request and parsing a response are public: langgraph_runs sends requests itself
    Override(
        "endpoint_module.py.jinja",
        "The function that builds a request is public, so its name has no underscore.",
        "_get_kwargs(",
        "get_kwargs(",
        count=3,
    ),
    Override(
        "endpoint_module.py.jinja",
        "A public function has a docstring.",
        ") -> dict[str, Any]:\n",
        ") -> dict[str, Any]:\n"
        '    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""\n',
    ),
    Override(
        "endpoint_module.py.jinja",
        "The function that parses a response is public, and needs only its status and content.",
        "def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> {{return_type}}:\n",
        "def parse_response(status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True)"
        " -> {{return_type}}:\n"
        '    """The response as this package\'s types.\n\n'
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
        "parse_response has a status instead of a response.",
        "    if response.status_code == {{ code_range[0] }}:\n",
        "    if status_code == {{ code_range[0] }}:\n",
    ),
    Override(
        "endpoint_module.py.jinja",
        "parse_response has the client's setting as an argument.",
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
        "The call of parse_response.",
        "        parsed=_parse_response(client=client, response=response),\n",
        "        parsed=parse_response(\n"
        "            response.status_code,\n"
        "            response.content,\n"
        "            raise_on_unexpected_status=client.raise_on_unexpected_status,\n"
        "        ),\n",
    ),
    # orjson reads and writes JSON
    Override(
        "endpoint_macros.py.jinja",
        "A request's body is sent as the bytes that orjson makes.",
        '{{ prop_template.transform(property, property.python_name, "_kwargs[\\"json\\"]", skip_unset=True, '
        "declare_type=False) }}\n",
        "json_body: {{ property.get_type_string(json=True) | as_unembedded_code }}\n"
        '{{ prop_template.transform(property, property.python_name, "json_body", skip_unset=True, '
        "declare_type=False) }}\n"
        '_kwargs["content"] = to_json(json_body)\n',
    ),
    Override(
        "endpoint_macros.py.jinja",
        "A response is read by orjson, from the bytes that parse_response is given.",
        "response.source.attribute",
        '(response.source.attribute | replace("response.json()", "orjson.loads(content)")'
        ' | replace("response.text", "content.decode()"))',
        count=3,
    ),
]
