"""The commands, named and shaped like the client's methods."""

import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

import click

from langgraph_runs import (
    Client,
    Interrupt,
    NotFoundError,
    RunFailedError,
    RunStream,
    StreamDisconnectedError,
    WaitTimeoutError,
)
from langgraph_runs._cli.batch import batch
from langgraph_runs._cli.failures import ExitCode
from langgraph_runs._cli.live import Lines, LiveView
from langgraph_runs._cli.options import command
from langgraph_runs._cli.session import Session, to_line
from langgraph_runs._cli.table import show_list
from langgraph_runs._cli.values import data
from langgraph_runs._version import __version__
from langgraph_runs.events import interrupts_in
from langgraph_runs.options import (
    CallOptions,
    CancelManyOptions,
    CancelOptions,
    ConnectionOptions,
    CreateOptions,
    IterOptions,
    JoinStreamArguments,
    MapOptions,
    StreamArguments,
    ThreadGetOptions,
    ThreadIterOptions,
    WaitOptions,
)
from langgraph_runs_api.values import is_object


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """Start, stream, join, list and cancel the runs of a LangGraph API server.

    LANGGRAPH_API_URL, or --url after the command, names the server; LANGGRAPH_API_KEY gives the key.

    \b
    Exit codes:
      0    done
      1    the run failed, or the server refused the request
      2    wrong usage; nothing was sent
      3    no connection, or no usable answer
      4    a timeout ran out
      5    the run waits for a human; stderr says how to answer
      130  stopped by Ctrl-C
    """  # noqa: D301 - click wants the character itself


_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
_assistant: _Decorator = click.argument("assistant_id")
_input: _Decorator = click.argument("input", type=data, required=False)
_cancel_on_exit: _Decorator = click.option(
    "--cancel-on-exit", is_flag=True, default=None, help="Cancel the run when this command is stopped or fails."
)


def _run(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("thread_id")(click.argument("run_id")(function))


def _limit_and_watch(function: Callable[..., Any]) -> Callable[..., Any]:
    watch = click.option(
        "--watch",
        type=click.FloatRange(0, min_open=True),
        is_flag=False,
        flag_value=2.0,
        metavar="[SECONDS]",
        help="Show them again every so many seconds. Default: 2.",
    )
    return click.option("--limit", type=click.IntRange(1), help="The most to show. Default: all.")(watch(function))


def _thread(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option("--new-thread", is_flag=True, default=None, help="Run on a new thread.")(function)
    return click.option("--thread-id", help="Run on this thread. Default: a stateless run.")(function)


@command(
    cli,
    "stream",
    StreamArguments,
    leave_out=["input"],
    epilog="""
  langgraph-runs stream agent '{"tokens": 3}'
  langgraph-runs stream agent @input.yaml --new-thread
  langgraph-runs stream agent '{text: Tea is a drink.}' --json | jq .data
""",
)
@_assistant
@_input
@_thread
@_cancel_on_exit
def stream(session: Session, assistant_id: str, cancel_on_exit: bool = False, **given: Any) -> int:
    """Start a run and show its events.

    INPUT is JSON or YAML: the text itself, @FILE, or - for stdin. Without --stream-mode it streams updates,
    messages-tuple and custom, and on a terminal also tasks. Subgraphs are streamed too, and the stream is resumable,
    unless an option says otherwise. Ctrl-C leaves the run alone and prints how to rejoin it.
    """
    thread_id = _thread_of(given)
    modes = ["updates", "messages-tuple", "custom", *(["tasks"] if session.live else [])]
    settings: dict[str, Any] = {"stream_mode": modes, "stream_subgraphs": True, "stream_resumable": True, **given}
    if cancel_on_exit and thread_id is None and not settings["stream_resumable"]:
        settings["on_disconnect"] = "cancel"  # without its thread, nothing else cancels the run
    with session.client() as client:
        runs: Any = client.runs  # its type depends on the modes, which the user chooses
        events = runs.stream(thread_id, assistant_id, **settings)
        start = "-1" if settings["stream_resumable"] else None
        return _follow(session, client, events, assistant_id, start, cancel_on_exit=cancel_on_exit)


@command(
    cli,
    "join-stream",
    JoinStreamArguments,
    epilog="""
  langgraph-runs join-stream THREAD_ID RUN_ID
  langgraph-runs tail THREAD_ID RUN_ID --last-event-id -1
""",
)
@_run
@_cancel_on_exit
def join_stream(session: Session, thread_id: str, run_id: str, cancel_on_exit: bool = False, **given: Any) -> int:
    """Show the events of a run that exists.

    From now on, or again what came after --last-event-id; -1 is the first event. join-stream and tail are the same.
    """
    with session.client() as client:
        runs: Any = client.runs
        events = runs.join_stream(thread_id, run_id, **given)
        return _follow(session, client, events, None, given.get("last_event_id"), cancel_on_exit=cancel_on_exit)


cli.add_command(join_stream, "tail")


def _follow(
    session: Session,
    client: Client,
    events: RunStream[Any],
    assistant_id: str | None,
    start: str | None,
    *,
    cancel_on_exit: bool,
) -> int:
    interrupts: dict[object, Interrupt] = {}
    stopped = False  # also by `interrupt_before` or `interrupt_after`, where nothing is asked
    view = LiveView(session.out, start) if session.live else Lines(start)
    try:
        with events, view:
            event: Any
            for event in events:
                if event.event.startswith(("values", "updates")) and "__interrupt__" in (event.data or ()):
                    stopped = True
                    interrupts |= {interrupt.id or len(interrupts): interrupt for interrupt in event.interrupts}
                view.show(event, events.last_event_id)
    except RunFailedError:
        raise
    except BaseException as error:
        _leave(session, client, events, view.last_event_id, error, cancel=cancel_on_exit)
        raise
    if not stopped:
        return ExitCode.DONE
    return _interrupted(session, client, [*interrupts.values()], assistant_id, events.thread_id, events.run_id)


def _leave(
    session: Session,
    client: Client,
    events: RunStream[Any],
    last_event_id: str | None,
    error: BaseException,
    *,
    cancel: bool,
) -> None:
    """Cancel the run, or say how to rejoin it."""
    run_id, thread_id = events.run_id, events.thread_id
    if run_id is None:
        return
    if cancel and thread_id is not None:
        with suppress(NotFoundError):  # it has ended
            client.runs.cancel(thread_id, run_id)
            session.note(f"Run {run_id} on thread {thread_id} is cancelled.")
    elif thread_id is not None and isinstance(
        error, KeyboardInterrupt | SystemExit | OSError | StreamDisconnectedError
    ):
        after = [] if last_event_id is None else ["--last-event-id", last_event_id]
        goes_on = "may go on" if isinstance(error, StreamDisconnectedError) else "goes on"
        session.note(f"The run {goes_on}. Rejoin it: {session.command('join-stream', thread_id, run_id, *after)}")


@command(
    cli,
    "wait",
    WaitOptions,
    leave_out=["input"],
    epilog="""
  langgraph-runs wait agent '{"n": 1}'
  langgraph-runs wait agent - --timeout 60 < input.yaml
""",
)
@_assistant
@_input
@_thread
def wait(session: Session, assistant_id: str, **given: Any) -> int:
    """Start a run, wait for its end, and print its final values.

    INPUT is JSON or YAML: the text itself, @FILE, or - for stdin.
    """
    thread_id = _thread_of(given)
    location: dict[str, Any] = {}
    with session.client() as client:
        wait = partial(client.runs.wait, thread_id, assistant_id, on_run_created=location.update, **given)
        return _final(session, client, wait, location, assistant_id)


@command(cli, "join", ConnectionOptions, epilog="  langgraph-runs join THREAD_ID RUN_ID --timeout 60\n")
@_run
def join(session: Session, thread_id: str, run_id: str, **given: Any) -> int:
    """Wait for a run to end, and print its final values."""
    location = {"thread_id": thread_id, "run_id": run_id}
    with session.client() as client:
        return _final(session, client, partial(client.runs.join, thread_id, run_id, **given), location, None)


def _final(
    session: Session, client: Client, wait: Callable[[], Any], location: dict[str, Any], assistant_id: str | None
) -> int:
    try:
        if session.live:
            with session.err.status("waiting"):
                values = wait()
        else:
            values = wait()
    except (KeyboardInterrupt, SystemExit, WaitTimeoutError):
        if location.get("thread_id") is not None:
            where = session.command("join", location["thread_id"], location["run_id"])
            session.note(f"The run goes on. Wait for it: {where}")
        raise
    session.write(values)
    if not is_object(values) or "__interrupt__" not in values:
        return ExitCode.DONE
    return _interrupted(
        session, client, interrupts_in(values), assistant_id, location.get("thread_id"), location.get("run_id")
    )


def _interrupted(
    session: Session,
    client: Client,
    interrupts: Sequence[Interrupt],
    assistant_id: str | None,
    thread_id: str | None,
    run_id: str | None,
) -> int:
    """Say what the run asks, and the command that answers."""
    for interrupt in interrupts:
        session.note(f"The run waits for a human: {to_line(interrupt.value)}", "magenta")
    if not interrupts:
        session.note("The run stopped before or after a node.", "magenta")
    run = None
    with suppress(NotFoundError):  # a stateless run's thread is deleted
        run = None if thread_id is None or run_id is None else client.runs.get(thread_id, run_id)
    if run is None:
        session.note("A stateless run can't be resumed: start it with --thread-id or --new-thread.")
        return ExitCode.INTERRUPTED
    ids = [interrupt.id for interrupt in interrupts]
    answers = dict.fromkeys(ids, "ANSWER") if len(ids) > 1 and all(ids) else "ANSWER"
    answer = ["--command", to_line({"resume": answers})] if interrupts else []
    resume = session.command("stream", assistant_id or run.assistant_id, "--thread-id", run.thread_id, *answer)
    session.note(f"Resume it: {resume}")
    return ExitCode.INTERRUPTED


@command(
    cli,
    "create",
    CreateOptions,
    leave_out=["input"],
    epilog="""
  langgraph-runs create agent '{"tokens": 3}' --new-thread --stream-resumable
""",
)
@_assistant
@_input
@_thread
def create(session: Session, assistant_id: str, **given: Any) -> None:
    """Start a run in the background, and print it.

    INPUT is JSON or YAML: the text itself, @FILE, or - for stdin.
    """
    thread_id = _thread_of(given)
    with session.client() as client:
        session.write(client.runs.create(thread_id, assistant_id, **given).to_dict())


@command(
    cli,
    "batch",
    MapOptions,
    epilog="""
  langgraph-runs batch runs.jsonl --output results.jsonl
  langgraph-runs batch inputs.jsonl --assistant-id agent -o results.jsonl
""",
)
@click.argument("file", type=click.File("rb"))
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Where results go. Default: stdout."
)
@click.option("--assistant-id", help="Run this assistant, or graph; each line of FILE is an input for it.")
@click.option(
    "--retry-failed", is_flag=True, default=None, help="Run lines again whose result in --output is an error."
)
def batch_(session: Session, file: IO[bytes], **given: Any) -> int:
    """Run each line of a JSON Lines file, some at a time.

    All are stateless runs. A line of FILE (- for stdin) is an object with the arguments of a run, such as assistant_id,
    input and config; or, with --assistant-id, the input alone. A result is an object with the number of its line, and
    values, interrupts or error and message. With --output, the same command goes on after it was stopped: lines that
    have a result are not run again. The exit code is 1 if a line has failed; that does not stop the others.
    """
    return batch(session, file, **given)


@command(
    cli,
    "list",
    IterOptions,
    epilog="""
  langgraph-runs list THREAD_ID --status error --created-after '3 hours ago'
  langgraph-runs list THREAD_ID --metadata '{user: kim}' --watch
  langgraph-runs list THREAD_ID --json | jq -r .run_id
""",
)
@click.argument("thread_id")
@_limit_and_watch
def list_(session: Session, thread_id: str, limit: int | None = None, watch: float | None = None, **given: Any) -> None:
    """Show the runs of a thread, as a table or as lines of JSON.

    Times are local, as in 2026-11-20 or 2026-11-20T14:30, or in words, as in '3 hours ago'.
    """
    with session.client() as client:
        show_list(session, lambda: client.runs.iter(thread_id, **given), limit, watch)


@command(cli, "get", CallOptions, epilog="  langgraph-runs get THREAD_ID RUN_ID --json | jq -r .status\n")
@_run
def get(session: Session, thread_id: str, run_id: str, **given: Any) -> None:
    """Print a run."""
    with session.client() as client:
        session.write(client.runs.get(thread_id, run_id, **given).to_dict())


@command(cli, "cancel", CancelOptions, epilog="  langgraph-runs cancel THREAD_ID RUN_ID --wait --action rollback\n")
@_run
def cancel(session: Session, thread_id: str, run_id: str, **given: Any) -> None:
    """Cancel a run."""
    with session.client() as client:
        client.runs.cancel(thread_id, run_id, **given)


@command(
    cli,
    "cancel-many",
    CancelManyOptions,
    epilog="""
  langgraph-runs cancel-many --thread-id THREAD_ID --run-ids ID --run-ids ID
  langgraph-runs cancel-many --status pending
""",
)
def cancel_many(session: Session, **given: Any) -> None:
    """Cancel several runs: some of a thread, or all in a status."""
    with session.client() as client:
        client.runs.cancel_many(**given)


@command(cli, "delete", CallOptions, epilog="  langgraph-runs delete THREAD_ID RUN_ID\n")
@_run
def delete(session: Session, thread_id: str, run_id: str, **given: Any) -> None:
    """Delete a run."""
    with session.client() as client:
        client.runs.delete(thread_id, run_id, **given)


@cli.group()
def threads() -> None:
    """List, show and delete threads."""


@command(
    threads,
    "list",
    ThreadIterOptions,
    epilog="""
  langgraph-runs threads list --status interrupted --metadata '{user: kim}'
  langgraph-runs threads list --json | jq -r .thread_id
""",
)
@_limit_and_watch
def list_threads(session: Session, limit: int | None = None, watch: float | None = None, **given: Any) -> None:
    """Show the server's threads, as a table or as lines of JSON."""
    with session.client() as client:
        show_list(session, lambda: client.threads.iter(**given), limit, watch)


@command(threads, "show", ThreadGetOptions, epilog="  langgraph-runs threads show THREAD_ID | jq .values\n")
@click.argument("thread_id")
def show_thread(session: Session, thread_id: str, **given: Any) -> None:
    """Print a thread, with its values and what it waits for."""
    with session.client() as client:
        session.write(client.threads.get(thread_id, **given).to_dict())


@command(threads, "delete", CallOptions, epilog="  langgraph-runs threads delete THREAD_ID\n")
@click.argument("thread_id")
def delete_thread(session: Session, thread_id: str, **given: Any) -> None:
    """Delete a thread, with its runs."""
    with session.client() as client:
        client.threads.delete(thread_id, **given)


def _thread_of(given: dict[str, Any]) -> str | None:
    """The thread that was asked for, taken out of the options."""
    thread_id: str | None = given.pop("thread_id", None)
    if not given.pop("new_thread", False):
        return thread_id
    if thread_id is not None:
        raise click.UsageError("Give either --thread-id or --new-thread.")
    given.setdefault("if_not_exists", "create")
    return str(uuid.uuid4())
