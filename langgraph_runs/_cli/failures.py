"""Exit codes, and the line that a failure prints."""

from enum import IntEnum

import click

from langgraph_runs.errors import (
    APIConnectionError,
    APIResponseError,
    AuthenticationError,
    InternalServerError,
    LangGraphError,
    PermissionDeniedError,
    RateLimitError,
    RunInterruptedError,
    StreamDisconnectedError,
)


class ExitCode(IntEnum):
    """What a command's exit code means."""

    DONE = 0
    FAILED = 1  # the run failed, the server refused the request, or the result could not be written
    USAGE = 2
    CONNECTION = 3  # no usable answer: the same command may succeed later
    TIMEOUT = 4
    INTERRUPTED = 5  # the run waits for a human
    STOPPED = 130  # Ctrl-C


def exit_code(error: BaseException) -> int | None:
    """The exit code for a failure of server, network or user; None for a mistake of this program."""
    match error:
        case KeyboardInterrupt():
            return ExitCode.STOPPED
        case TimeoutError():  # before its other base classes
            return ExitCode.TIMEOUT
        case StreamDisconnectedError() if isinstance(error.__cause__, TimeoutError):
            return ExitCode.TIMEOUT
        case APIConnectionError() | APIResponseError() | InternalServerError() | RateLimitError():
            return ExitCode.CONNECTION
        case StreamDisconnectedError():
            return ExitCode.CONNECTION
        case LangGraphError():
            return ExitCode.FAILED
        case RunInterruptedError():
            return ExitCode.INTERRUPTED
        case OSError() if error.filename is None and not isinstance(error, FileNotFoundError):
            return ExitCode.FAILED  # of writing, such as a full disk
        case click.ClickException() | OSError():
            return ExitCode.USAGE
        case _:
            return None


def one_line(error: BaseException) -> str:
    """What went wrong, and what to do."""
    if isinstance(error, click.UsageError):
        context = error.ctx
        where = context.command_path if context else "langgraph-runs"
        message = error.format_message()
        if isinstance(error, click.NoSuchOption) and context and isinstance(context.command, click.Group):
            message += " Options follow the command."
        return f"{message}{'' if message.endswith(('.', '?', ')')) else '.'} Try: {where} --help"
    text = " ".join((error.format_message() if isinstance(error, click.ClickException) else str(error)).split())
    match error:
        case AuthenticationError() | PermissionDeniedError():
            return f"{text} (--api-key or LANGGRAPH_API_KEY gives the key)"
        case APIConnectionError() | APIResponseError() if not isinstance(error, TimeoutError):
            return f"{text} (--url or LANGGRAPH_API_URL gives the server)"
        case _:
            return text or type(error).__name__
