"""Our changes to openapi-python-client's templates, each with its reason.

An override replaces a piece of text in one of the pinned generator's own templates, so we keep no copy of a template.
If a new version of the generator words a piece differently, generating fails and lists all such overrides.

What the changed templates need at run time is in `runtime/`.
"""

from typing import NamedTuple


class Override(NamedTuple):
    """A replacement in a template, which must contain `old` so often."""

    template: str
    why: str
    old: str
    new: str
    expected: int = 1


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
{% else %}
    pass
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
        "A client is imported when it is first used: a program that sends the requests itself needs none. The "
        "docstring shows how the package is used.",
        """\
{{ docstring(package_description | safe_for_docstring) }}
from .client import AuthenticatedClient, Client
""",
        '''\
"""{{ package_description | safe_for_docstring }}.

A module of `api` sends one request, as `sync` or `asyncio`; the models are its bodies and answers:

    from {{ package_name }} import AuthenticatedClient
    from {{ package_name }}.api.runs import create_run
    from {{ package_name }}.models import RunCreateStateful

    with AuthenticatedClient(url, token=key, prefix="", auth_header_name="x-api-key") as client:
        run = create_run.sync(thread_id, client=client, body=RunCreateStateful(assistant_id="agent"))

A server without keys needs only `Client(url)`. Any status but a documented success raises `errors.UnexpectedStatus`.
"""

from typing import TYPE_CHECKING

from .lazy import lazy_names

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

if not TYPE_CHECKING:  # a type checker would accept any name
    __getattr__ = lazy_names(__name__, {"AuthenticatedClient": ".client", "Client": ".client"})
''',
    ),
    Override(
        "endpoint_module.py.jinja",
        "Only annotations name the clients, so they are not imported at run time; that needs postponed annotations.",
        "from http import HTTPStatus\nfrom typing import Any, cast\n",
        "from __future__ import annotations\n\nfrom http import HTTPStatus\nfrom typing import TYPE_CHECKING, Any, cast\n",
    ),
    Override(
        "endpoint_module.py.jinja",
        "The rest of the same, and what functions use of runtime/values.py.",
        "from ...client import AuthenticatedClient, Client\n",
        "from ...values import Received, as_object, checked, to_json\n"
        "if TYPE_CHECKING:\n    from ...client import AuthenticatedClient, Client\n",
    ),
    Override(
        "model.py.jinja",
        "Models use functions of runtime/values.py. Ruff deletes the imports that a model does not need.",
        "from ..types import UNSET, Unset\n",
        "from ..answers import Answer, Model\nfrom ..types import UNSET, Unset\nfrom ..values import as_object, checked\n",
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
    # What responses hold
    Override(
        "property_templates/model_property.py.jinja",
        "Free-form JSON in a response is kept as it is, once it is known to be an object. An error names the field.",
        "{{ property.class_info.name }}.from_dict({{ source }})\n",
        "{% if property is free_form %}as_object({{ source }}){% else %}{{ property.class_info.name }}"
        '.from_dict(checked({{ source }}, dict, "{{ property.name | in_double_quote_literal }}")){% endif %}\n',
    ),
    Override(
        "property_templates/list_property.py.jinja",
        "If there is no list, the error names the field.",
        "in (_{{ property.python_name }}):",
        'in checked(_{{ property.python_name }}, list, "{{ property.name | in_double_quote_literal }}"):',
    ),
    Override(
        "property_templates/model_property.py.jinja",
        "Free-form JSON in a request is sent as it is.",
        '{% set transformed = source + ".to_dict()" %}\n',
        '{% set transformed = source if property is free_form else source + ".to_dict()" %}\n',
    ),
    Override(
        "model.py.jinja",
        "An optional field that a response lacks reads as None; description.py has listed and made nullable such fields.",
        """\
        {% set property_source = 'd.pop("' + (property.name | in_double_quote_literal) + '")' %}
""",
        """\
        {% set missing = ", None" if property.name in model.data.model_extra["x-optional"] else "" %}
        {% set property_source = 'd.pop("' + (property.name | in_double_quote_literal) + '"' + missing + ')' %}
""",
    ),
    Override(
        "property_templates/const_property.py.jinja",
        "A member of a union that is one value must not keep the other members from being tried.",
        "{% macro multipart(",
        "{% macro check_type_for_construct(property, source) %}"
        "{{ source }} == {{ property.value.python_code | as_unembedded_code }}{% endmacro %}\n\n"
        "{% macro multipart(",
    ),
    # Reading answers
    Override(
        "model.py.jinja",
        "A model shows itself in one line without secrets, and an answer reads like a dict (runtime/answers.py).",
        "@_attrs_define\nclass {{ class_name }}:\n",
        """\
@_attrs_define(repr=False)
class {{ class_name }}({{ "Answer" if "x-answer" in model.data.model_extra else "Model" }}):
""",
    ),
    Override(
        "model.py.jinja",
        "The names in JSON, for the same.",
        "{% macro _transform_property(property, content) %}",
        """\
    _ATTRIBUTES = {
    {% for property in model.required_properties + model.optional_properties %}
        "{{ property.name | in_double_quote_literal }}": "{{ property.python_name }}",
    {% endfor %}
    }

{% macro _transform_property(property, content) %}""",
    ),
    Override(
        "model.py.jinja",
        "The rest of the same: the models of requests read unknown fields only.",
        """\
    {% if model.additional_properties %}
    @property
    def additional_keys""",
        """\
    {% if model.additional_properties and "x-answer" not in model.data.model_extra %}
    @property
    def additional_keys""",
    ),
    # Building a request and parsing a response are public: langgraph_runs sends requests itself
    Override(
        "endpoint_module.py.jinja",
        "The function that builds a request is public, so its name has no underscore.",
        "_get_kwargs(",
        "get_kwargs(",
        expected=3,
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
        "orjson writes the body.",
        "    return _kwargs\n",
        """\
{% if endpoint.bodies %}
    if "json" in _kwargs:
        _kwargs["content"] = to_json(_kwargs.pop("json"))
{% endif %}
    return _kwargs
""",
    ),
    Override(
        "endpoint_module.py.jinja",
        "The function that parses a response is public, and needs only its status and content. orjson reads it.",
        "def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> {{return_type}}:\n",
        '''\
def parse_response(
    status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True
) -> {{return_type}}:
    """The response as this package's types.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and raise_on_unexpected_status is True.
        KeyError: If a required field is missing; its argument is the field's name.
        TypeError: If a value is of another type than documented.
        ValueError: If the content is not JSON, or a date is not one.
    """
    response = Received(status_code, content)
''',
    ),
    Override(
        "endpoint_module.py.jinja",
        "parse_response has the client's setting as an argument.",
        "    if client.raise_on_unexpected_status:\n",
        "    if raise_on_unexpected_status:\n",
    ),
    Override(
        "endpoint_module.py.jinja",
        "The call of parse_response.",
        "        parsed=_parse_response(client=client, response=response),\n",
        """\
        parsed=parse_response(
            response.status_code,
            response.content,
            raise_on_unexpected_status=client.raise_on_unexpected_status,
        ),
""",
    ),
    # A failure is an exception
    Override(
        "client.py.jinja",
        "A failed request raises, as parse_response does, unless the caller wants None.",
        'default="field(default=False, kw_only=True)"',
        'default="field(default=True, kw_only=True)"',
    ),
    Override(
        "client.py.jinja",
        "A documented failure raises too.",
        """\
        docstring="Whether or not to raise an errors.UnexpectedStatus if the API returns a status code"
            " that was not documented in the source OpenAPI document. Can also be provided as a keyword"
            " argument to the constructor."
""",
        """\
        docstring="Whether any status but a documented success raises errors.UnexpectedStatus. If not, the result is"
            " None."
""",
    ),
    Override(
        "endpoint_macros.py.jinja",
        "A documented failure raises too.",
        "If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.",
        "If the status is no documented success and Client.raise_on_unexpected_status is True.",
    ),
]
