"""Lists the runs that succeeded in the last 24 hours, and deletes those that failed more than 7 days ago.

    python examples/housekeeping.py              # on all threads
    python examples/housekeeping.py THREAD_ID ...

One failure does not stop the rest; the exit code is then 1.
"""

import argparse
import sys
from datetime import UTC, datetime, timedelta

from langgraph_runs import Client, LangGraphError


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("threads", nargs="*", metavar="THREAD_ID")
    parser.add_argument("--recent-hours", type=float, default=24)
    parser.add_argument("--failed-days", type=float, default=7)
    options = parser.parse_args()
    now = datetime.now(UTC)
    recent, old = now - timedelta(hours=options.recent_hours), now - timedelta(days=options.failed_days)
    failures = 0
    with Client() as client:
        try:
            for thread_id in options.threads or (thread.thread_id for thread in client.threads.iter()):
                failures += clean(client, thread_id, recent, old)
        except LangGraphError as error:
            failures += failed("the list of threads", error)
    return 1 if failures else 0


def clean(client: Client, thread_id: str, recent: datetime, old: datetime) -> int:
    """Lists and deletes the runs of a thread, and returns how often that failed."""
    failures = 0
    try:
        for run in client.runs.iter(thread_id, status="success", created_after=recent):
            print(f"succeeded  {run.created_at:%Y-%m-%d %H:%M}  {run.run_id}")
        for run in client.runs.iter(thread_id, status="error", created_before=old):
            try:
                client.runs.delete(thread_id, run.run_id)
                print(f"deleted    {run.created_at:%Y-%m-%d %H:%M}  {run.run_id}")
            except LangGraphError as error:
                failures += failed(f"run {run.run_id}", error)
    except LangGraphError as error:
        failures += failed(f"thread {thread_id}", error)
    return failures


def failed(what: str, error: LangGraphError) -> int:
    print(f"{what}: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
