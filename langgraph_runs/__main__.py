"""The command line: `langgraph-runs`, or `python -m langgraph_runs`."""

import sys

_NEEDED = {"click", "humanize", "rich", "yaml"}


def main() -> None:
    """Run the command that `sys.argv` names, and exit with its code."""
    try:
        from langgraph_runs._cli.app import run  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in _NEEDED:
            raise
        sys.stderr.write("langgraph-runs: the command line needs more packages: pip install 'langgraph-runs[cli]'\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run())


if __name__ == "__main__":
    main()
