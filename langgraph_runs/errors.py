"""The exceptions that this library raises."""

from collections.abc import Callable, Sequence
from typing import Any, Self

from langgraph_runs.events import Interrupt


class _Picklable(Exception):  # noqa: N818 - only what errors have in common
    def __reduce__(self) -> tuple[Callable[..., Any], tuple[type[Self]], dict[str, Any]]:
        # By default, an exception is unpickled by calling its class with `args`, which fails for keyword arguments.
        return type(self).__new__, (type(self),), {**self.__dict__, "args": self.args}


class LangGraphError(_Picklable):
    """Base class of this library's exceptions. Wrong arguments raise ValueError or TypeError instead."""


class APIConnectionError(LangGraphError):
    """No response, or only a part of one: the connection failed or was lost. `__cause__` is the httpx exception.

    Attributes:
        method: The request's HTTP method.
        url: The request's URL.
        sent: False if the request certainly never reached the server.
    """

    def __init__(self, message: str, *, method: str = "", url: str = "", sent: bool = True) -> None:
        super().__init__(message)
        self.method = method
        self.url = url
        self.sent = sent


class APITimeoutError(APIConnectionError, TimeoutError):
    """No response in time."""


class APIStatusError(LangGraphError):
    """The server responded with a status that reports a failure.

    Attributes:
        status_code: The HTTP status. Default: the class's.
        detail: The server's message. Default: the message.
        body: The response's body: parsed JSON, or text if it is not JSON.
        method: The request's HTTP method.
        url: The request's URL.
        request_id: The response's `x-request-id`, by which the server's operator finds the request in the logs.
        retry_after: The response's `Retry-After`, unparsed: seconds, or an HTTP date.
    """

    __match_args__ = ("status_code", "detail")
    status_code: int = 0

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        detail: str | None = None,
        body: Any = None,
        method: str = "",
        url: str = "",
        request_id: str | None = None,
        retry_after: str | None = None,
    ) -> None:
        super().__init__(message)
        if status_code is not None:
            self.status_code = status_code
        self.detail: str = message if detail is None else detail
        self.body = body
        self.method = method
        self.url = url
        self.request_id = request_id
        self.retry_after = retry_after


class BadRequestError(APIStatusError):
    """400: the server does not understand the request."""

    status_code = 400


class AuthenticationError(APIStatusError):
    """401: the API key is missing or wrong."""

    status_code = 401


class PermissionDeniedError(APIStatusError):
    """403: the API key does not allow this."""

    status_code = 403


class NotFoundError(APIStatusError):
    """404: no such thread, run or assistant, or nothing matched; even if the server reports that with status 200."""

    status_code = 404


class ConflictError(APIStatusError):
    """409: the thread is busy, or the run's state does not allow this."""

    status_code = 409


class UnprocessableEntityError(APIStatusError):
    """422: the server understood the request and refused it."""

    status_code = 422


class RateLimitError(APIStatusError):
    """429: too many requests."""

    status_code = 429


class InternalServerError(APIStatusError):
    """5xx: the server failed."""

    status_code = 500


class APIResponseError(LangGraphError):
    """A response that does not match the API: malformed, too large, or not from a LangGraph server.

    Attributes:
        method: The request's HTTP method.
        url: The request's URL.
        body: The start of the body, if it helps.
    """

    def __init__(self, message: str, *, method: str = "", url: str = "", body: str | None = None) -> None:
        super().__init__(message)
        self.method = method
        self.url = url
        self.body = body


class RunFailedError(LangGraphError):
    """The run itself failed: the graph raised an exception, or the run timed out.

    Attributes:
        error: The name of the graph's exception, such as `ValueError`.
        message: That exception's message.
        run_id: The run, if known.
        thread_id: The run's thread, if known.
    """

    __match_args__ = ("error", "message")

    def __init__(
        self, error: str, message: str = "", *, run_id: str | None = None, thread_id: str | None = None
    ) -> None:
        super().__init__(f"run {run_id or '(id unknown)'} failed with {error}: {message}")
        self.error = error
        self.message = message
        self.run_id = run_id
        self.thread_id = thread_id


class WaitTimeoutError(LangGraphError, TimeoutError):
    """The `timeout` of a wait or join ran out. The run continues unless it was started with `on_disconnect="cancel"`.

    Attributes:
        run_id: The run, to join or cancel it; None if the server did not confirm its creation in time.
        thread_id: The run's thread, if known.
    """

    def __init__(self, message: str, *, run_id: str | None = None, thread_id: str | None = None) -> None:
        super().__init__(message)
        self.run_id = run_id
        self.thread_id = thread_id


class StreamDisconnectedError(LangGraphError):
    """The connection of a stream or wait was lost and can't be resumed. The run itself may continue.

    Attributes:
        run_id: The run, if known.
        thread_id: The run's thread, if known.
        last_event_id: Where `join_stream(last_event_id=...)` can go on; None if nowhere.
    """

    def __init__(
        self,
        message: str,
        *,
        run_id: str | None = None,
        thread_id: str | None = None,
        last_event_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.run_id = run_id
        self.thread_id = thread_id
        self.last_event_id = last_event_id


class RunInterruptedError(_Picklable):
    """The run waits for a human, so `wait` or `join` has no final values to convert. Nothing failed.

    Raised only by a client with a `state_type`; without one, the values have the key `__interrupt__`. Resume the run
    with `command={"resume": answer}` on the same thread; several interrupts with `{"resume": {interrupt.id: answer}}`.

    Attributes:
        interrupts: What the graph asks.
        values: The values as sent, not converted.
        run_id: The run, if known.
        thread_id: The thread to resume on, if known.
    """

    __match_args__ = ("interrupts", "values")

    def __init__(
        self,
        interrupts: Sequence[Interrupt],
        values: Any = None,
        *,
        run_id: str | None = None,
        thread_id: str | None = None,
    ) -> None:
        asked = "; ".join(repr(interrupt.value)[:200] for interrupt in interrupts)
        super().__init__(
            f"run {run_id or '(id unknown)'} waits for a human: {asked} (resume it on thread "
            f"{thread_id or '(id unknown)'} with command={{'resume': ...}})"
        )
        self.interrupts: tuple[Interrupt, ...] = tuple(interrupts)
        self.values = values
        self.run_id = run_id
        self.thread_id = thread_id
