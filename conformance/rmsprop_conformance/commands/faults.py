"""
What ends the command other than a result: one line for each, and its exit code.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from rmsprop_conformance.errors import OwnFault, RunError

USAGE = 2
INTERRUPTED = 130
"""
128 + SIGINT, as shells count.
"""
BROKEN_PIPE = 141
"""
128 + SIGPIPE: whoever read the verdict went away before its end, so it is neither
green nor red.
"""


def complain(error: RunError, *, debug: bool) -> None:
    """
    Say on standard error what went wrong, in one line.
    """
    if debug:
        traceback.print_exception(error)
    line = " ".join(str(error).split())
    click.echo(f"error: {line}", err=True)
    if isinstance(error, OwnFault) and not debug:
        click.echo("`rmsprop-conformance --debug …` shows the traceback", err=True)


def run_command(command: click.Command, name: str, arguments: Sequence[str]) -> int:
    """
    Parse and carry out a command line.

    click's own `main` is not used: it turns errors of usage into code 1 in places, a
    closed pipe always, and here 1 means that a value is out.

    Returns:
        The exit code.
    """
    try:
        with command.make_context(name, list(arguments)) as context:
            return _carry_out(command, context)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return USAGE


def _carry_out(command: click.Command, context: click.Context) -> int:
    debug = bool(context.params.get("debug"))
    try:
        code = int(command.invoke(context) or 0)
        sys.stdout.flush()
    except (click.exceptions.Exit, click.ClickException):
        raise
    except (KeyboardInterrupt, click.Abort):
        click.echo("error: interrupted, nothing can be concluded", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return BROKEN_PIPE
    except RunError as error:
        complain(error, debug=debug)
        return error.exit_code
    except (Exception, SystemExit) as raised:  # noqa: BLE001  # whatever broke, it is no verdict
        fault = OwnFault(f"{type(raised).__name__}: {raised}")
        fault.__cause__ = raised
        complain(fault, debug=debug)
        return fault.exit_code
    return code


def _drop_output() -> None:
    # Python flushes standard output once more at its end and would complain there.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
