"""Turns responses and failures into exceptions.

Servers describe failures differently, and some report them with status 200: as `__error__` in the body, or as a 404
inside an event. This is the one module that knows all these forms.
"""

import re
import ssl
import sys
from collections.abc import Callable, Mapping
from http.client import responses
from types import ModuleType
from typing import Any, TypeAlias, TypeVar

import httpx
import orjson

from langgraph_runs._sansio.location import RunLocation
from langgraph_runs.errors import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    LangGraphError,
    NotFoundError,
    RunFailedError,
)
from langgraph_runs_api.values import from_json, is_list, is_object

Failure = TypeVar("Failure", bound=LangGraphError)
SentRequest: TypeAlias = httpx.Request
"""Or one of httpx2, which has the same attributes."""
CHECK_URL = "check the URL, it may not lead to a LangGraph server"
UPDATE = "an update of this client or of the server may help"


def http_libraries() -> list[ModuleType]:
    """httpx, and httpx2 if it is loaded: the libraries whose clients, timeouts and exceptions are supported."""
    # `sys.modules` is empty when the interpreter ends and closes what was left open.
    return [httpx, *([sys.modules["httpx2"]] if "httpx2" in sys.modules else [])]


def transport_errors() -> tuple[type[Exception], ...]:
    """What a client of these libraries raises if it can't send a request or read its response."""
    names = ("HTTPError", "InvalidURL", "StreamError")
    # On asyncio, httpx does not wrap TLS errors after the handshake, such as a missing client certificate.
    return (ssl.SSLError, *(getattr(library, name) for library in http_libraries() for name in names))


def connection_error(error: Exception, request: SentRequest) -> LangGraphError:
    """The exception for one of the `transport_errors`."""
    names = {kind.__name__ for kind in type(error).__mro__}  # the same in httpx and httpx2
    if "PoolTimeout" in names:
        message = "all connections were busy for too long; raise the pool's limits or run fewer calls at once"
    elif "ConnectTimeout" in names:
        message = "connecting timed out; is a LangGraph server listening there?"
    elif "TimeoutException" in names:
        did = "took" if "WriteTimeout" in names else "sent"
        message = f"the server {did} nothing for too long ({type(error).__name__})"
        message += "; `timeout` sets how long that is, `idle_timeout` for streams and waits"
    elif "ConnectError" in names:
        message = f"connecting failed ({_reason(error)}); is a LangGraph server listening there?"
    else:
        message = f"the connection was lost ({_reason(error)})"
    kind = APITimeoutError if "TimeoutException" in names else APIConnectionError
    return _about(request, kind, message, sent=names.isdisjoint(_NOT_SENT))


def deadline_error(request: SentRequest) -> APITimeoutError:
    """The exception for a call that took longer than its `timeout`."""
    return _about(request, APITimeoutError, "the call's timeout ran out")


def connection_lost(request: SentRequest, why: str) -> APIConnectionError:
    """The exception for a connection that ended too early without an error of the HTTP library."""
    return _about(request, APIConnectionError, why)


def status_error(request: SentRequest, status_code: int, headers: Mapping[str, str], content: bytes) -> APIStatusError:
    """The exception for a response whose status is not a success."""
    body = json_or_text(content)
    detail = _detail(body) or responses.get(status_code, "")
    hint = _hint(request, status_code, headers, detail)
    return _about(
        request,
        InternalServerError if status_code >= 500 else _CLASSES.get(status_code, APIStatusError),  # noqa: PLR2004
        f"{status_code} {_one_line(detail)}".rstrip() + (f" ({hint})" if hint else ""),
        status_code=status_code,
        detail=detail,
        body=body,
        request_id=headers.get("x-request-id"),
        retry_after=headers.get("retry-after"),
    )


def response_error(
    request: SentRequest, problem: str, content: bytes | memoryview = b"", *, advice: str = ""
) -> APIResponseError:
    """The exception for a response that does not match the API. `advice` tells users what to do."""
    start = bytes(content[:_SHOWN]).decode(errors="replace")
    if _is_html(start):
        problem += f": {_HTML}"
    else:
        problem += (f": {start[:200]!r}" if start else "") + (f" ({advice})" if advice else "")
    return _about(request, APIResponseError, problem, body=start or None)


def run_failure(
    payload: Any, request: SentRequest, run: RunLocation, *, exists: bool = False
) -> RunFailedError | NotFoundError:
    """The exception for the data of an `error` event, or for the value of `__error__` in a response.

    A run that does not exist is reported like this too: as an HTTPException with `404: Run not found` by the Python
    server, as the text `Run not found` by LangGraph.js. What a graph's own HTTPException says is a failure of the run,
    and if the run is known to exist, so are these words.
    """
    error, message = _error_and_message(payload)
    if not exists and (error, message) in _NOT_FOUND:
        detail = message.removeprefix("404: ")
        return _about(request, NotFoundError, detail, detail=detail, body=payload)
    return RunFailedError(error, message, run_id=run.run_id, thread_id=run.thread_id)


def reports_cancellation(error: LangGraphError) -> bool:
    """Whether this failure may only report that the run was cancelled, as the Python server did until 0.15.

    A graph may raise an exception of its own with the same name, so the run's status must confirm it.
    """
    return isinstance(error, RunFailedError) and error.error in ("UserInterrupt", "UserRollback")


def shown_url(url: str | SentRequest) -> str:
    """A URL, or a request's URL, for messages: without user name and password, and without the query.

    A caller's query parameters may be secret.
    """
    text = re.split("[?#]", url if isinstance(url, str) else str(url.url))[0]
    return re.sub("//[^/]*@", "//", text, count=1)


def json_or_text(content: bytes | memoryview) -> Any:
    """What JSON says, or text that is none."""
    try:
        return from_json(content)
    except orjson.JSONDecodeError:
        return bytes(content).decode(errors="replace")


_HTML = "an HTML page, so probably not from a LangGraph server but from a proxy in front of it; check the URL"
_NOT_FOUND = (("HTTPException", "404: Run not found"), ("Error", "Run not found"))
_SHOWN = 2000
_CLASSES = {kind.status_code: kind for kind in APIStatusError.__subclasses__()}
_STARTS_ON_THREAD = re.compile(r"/threads/[^/]+/runs(/stream|/wait)?$").search
_NOT_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol"}


def _about(request: SentRequest, kind: Callable[..., Failure], problem: str, **details: Any) -> Failure:
    url = shown_url(request)
    return kind(f"{request.method} {url}: {problem}", method=request.method, url=url, **details)


def _hint(request: SentRequest, status_code: int, headers: Mapping[str, str], detail: str) -> str | None:
    """What the caller can do."""
    has_key = any(name in request.headers for name in ("x-api-key", "authorization"))
    match status_code:
        case 401 | 403 if not has_key:
            return "no API key was sent: set api_key or LANGGRAPH_API_KEY"
        case 401:
            return "the API key was refused"
        case 403:
            return "the API key does not allow this"
        case 404 if request.method == "POST" and _STARTS_ON_THREAD(shown_url(request)) and "hread" in detail:
            return 'if_not_exists="create" creates the thread'
        case _ if 300 <= status_code < 400:  # noqa: PLR2004 - what 3xx means
            target = shown_url(headers.get("location") or "nowhere")[:_SHOWN]
            return f"redirects are not followed; this one leads to {target}"
        case 500 if detail == responses[500]:
            return "the server's log has the reason"
        case _:
            return None


def _reason(error: BaseException) -> str:
    """The first message in a chain of exceptions: on trio, those of httpx have none, but their causes do."""
    cause: BaseException | None = error
    while cause is not None:
        if text := str(cause):
            return text
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__


def _detail(body: Any) -> str:
    """The message in an error body of any server."""
    match body:
        case {"detail": str(text)} | {"message": str(text)} | {"error": {"message": str(text)}} | {"error": str(text)}:
            return text
        case {"detail": problems} | {"error": {"issues": problems}} if is_list(problems):
            return "; ".join(_problem(problem) for problem in problems)
        case str(text):
            return _HTML if _is_html(text) else text[:_SHOWN].strip()
        case _:
            return "" if body is None or body == {} else _text(body)[:_SHOWN]


def _one_line(text: str) -> str:
    """A message in one line; of the Python server's validation only the field and the problem."""
    problem, _, details = text.partition("\n\nFailed validating ")
    place = _INSTANCE(details)
    path = ".".join(key.strip("'\"") for key in place[1].split("][")) + ": " if place else ""
    line = path + " ".join(problem.split())
    # The start names the field, and the end says what is wrong with the value in between.
    return line if len(line) <= _LINE else f"{line[: _LINE // 2]} ... {line[-_LINE // 2 :]}"


_INSTANCE = re.compile(r"\n\nOn instance\[(.*)\]:").search
_LINE = 600


def _is_html(text: str) -> bool:
    return "<html" in text[:_SHOWN].lower() or text.lstrip()[:9].lower() == "<!doctype"


def _problem(problem: Any) -> str:
    """One entry of a validator's list as text."""
    match problem:
        case {"loc": path, "msg": str(text)} | {"path": path, "message": str(text)} if is_list(path):
            return f"{'.'.join(map(_text, path))}: {text}"
        case _:
            return _text(problem)


def _error_and_message(payload: Any) -> tuple[str, str]:
    """The error's name and message; LangGraph.js may encode the message as JSON once more, a text or an object."""
    error, message = "Error", payload
    if is_object(payload) and "message" in payload:
        error, message = payload.get("error", error), payload["message"]
    if isinstance(message, str) and message[:1] in ('"', "{"):
        match json_or_text(message.encode(errors="replace")):
            case {"error": str(inner_error), "message": str(inner_message)}:
                return inner_error, inner_message
            case str(inner):
                message = inner
            case _:
                pass
    return _text(error), _text(message)


def _text(value: Any) -> str:
    """A text unchanged, anything else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # orjson reads deeper nesting than it writes
        return "(too deeply nested to show)"
