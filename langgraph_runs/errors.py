"""The exceptions that this library raises."""

from collections.abc import Callable
from typing import Any, Self, cast


class LangGraphError(Exception):
    """The base of every exception that this library raises, but for the ValueError or TypeError of a wrong argument."""

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[Any, ...], dict[str, Any]]:
        # Exceptions are pickled by calling their class with `args`, which those with keyword arguments don't survive.
        return cast("Callable[..., Self]", _revive), (type(self), self.args), self.__dict__


class APIConnectionError(LangGraphError):
    """No answer came: refused, unreachable, cut off. Its `__cause__` is the httpx exception.

    Attributes:
        method: The request's HTTP method.
        url: The request's URL.
        sent: False when the request certainly never reached the server.
    """

    def __init__(self, message: str, *, method: str, url: str, sent: bool = True) -> None:
        super().__init__(message)
        self.method = method
        self.url = url
        self.sent = sent


class APITimeoutError(APIConnectionError, TimeoutError):
    """No answer came in time."""


class APIStatusError(LangGraphError):
    """The server answered that it did not do what was asked.

    Attributes:
        status_code: The HTTP status.
        detail: What the server said, as text.
        body: The answer's body: parsed JSON, or text where it was none.
        method: The request's HTTP method.
        url: The request's URL.
        request_id: The answer's `x-request-id`, for the server's operator.
        retry_after: The answer's `Retry-After` as it was sent: seconds, or an HTTP date.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        detail: str,
        body: Any,
        method: str,
        url: str,
        request_id: str | None = None,
        retry_after: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.detail = detail
        self.body = body
        self.method = method
        self.url = url
        self.request_id = request_id
        self.retry_after = retry_after


class BadRequestError(APIStatusError):
    """400: the server can't make sense of the request."""


class AuthenticationError(APIStatusError):
    """401: the API key is missing or wrong."""


class PermissionDeniedError(APIStatusError):
    """403: the API key does not allow this."""


class NotFoundError(APIStatusError):
    """404: no such thread, run or assistant, or nothing matched; also where the server hides it in a 200."""


class ConflictError(APIStatusError):
    """409: the thread is busy, or the run is in a state that does not allow this."""


class UnprocessableEntityError(APIStatusError):
    """422: the request was understood and refused."""


class RateLimitError(APIStatusError):
    """429: too many requests."""


class InternalServerError(APIStatusError):
    """5xx: the server failed."""


class APIResponseError(LangGraphError):
    """An answer that is not what the API promises: cut, malformed, too large, or not from a LangGraph server at all.

    Attributes:
        method: The request's HTTP method.
        url: The request's URL.
        body: The start of what came, where that helps.
    """

    def __init__(self, message: str, *, method: str, url: str, body: str | None = None) -> None:
        super().__init__(message)
        self.method = method
        self.url = url
        self.body = body


class RunFailedError(LangGraphError):
    """The run itself failed: the graph raised an exception, or the run ran out of time.

    Attributes:
        error: The exception's name in the graph, e.g. `ValueError`.
        message: The exception's own message.
        run_id: The run, where known.
        thread_id: Its thread, where known.
    """

    def __init__(self, error: str, message: str, *, run_id: str | None, thread_id: str | None) -> None:
        super().__init__(f"run {run_id or '(id unknown)'} failed with {error}: {message}")
        self.error = error
        self.message = message
        self.run_id = run_id
        self.thread_id = thread_id


class WaitTimeoutError(LangGraphError, TimeoutError):
    """A wait or join ran out of its `timeout`; the run goes on unless `on_disconnect="cancel"` was asked for.

    Attributes:
        run_id: The run, to join or cancel it; None when not even its creation was answered in time.
        thread_id: Its thread, where known.
    """

    def __init__(self, message: str, *, run_id: str | None, thread_id: str | None) -> None:
        super().__init__(message)
        self.run_id = run_id
        self.thread_id = thread_id


class StreamDisconnectedError(LangGraphError):
    """A stream (or wait) was cut off and can't be resumed; the run itself may go on.

    Attributes:
        run_id: The run, where known.
        thread_id: Its thread, where known.
        last_event_id: The id of the last event that was delivered, where it had one.
    """

    def __init__(self, message: str, *, run_id: str | None, thread_id: str | None, last_event_id: str | None) -> None:
        super().__init__(message)
        self.run_id = run_id
        self.thread_id = thread_id
        self.last_event_id = last_event_id


def _revive(cls: type[LangGraphError], args: tuple[Any, ...]) -> LangGraphError:
    error = cls.__new__(cls, *args)
    error.args = args  # OSError, a base of TimeoutError, takes them in __init__ alone
    return error
