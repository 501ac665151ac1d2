from __future__ import annotations

import click
import pytest

from rmsprop_conformance.commands.faults import run_command
from rmsprop_conformance.errors import NothingCompared, OwnFault


def command(raises: BaseException | None = None, code: int = 0) -> click.Command:
    """
    A command with the option `--debug` that raises or gives a code.
    """

    @click.command()
    @click.option("--debug", is_flag=True)
    def made(*, debug: bool) -> int:  # noqa: ARG001  # read from the context
        if raises is not None:
            raise raises
        return code

    return made


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_a_commands_code_is_given_back(code: int) -> None:
    """
    What the command returns is the exit code.
    """
    assert run_command(command(code=code), "it", []) == code


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (NothingCompared("no\ncase"), 2, "error: nothing was compared: no case\n"),
        (OwnFault("broken"), 3, "error: our own fault, please report it: broken\n"),
        (ZeroDivisionError("odd"), 3, "please report it: ZeroDivisionError: odd\n"),
        (SystemExit(0), 3, "please report it: SystemExit: 0\n"),
        (KeyboardInterrupt(), 130, "error: interrupted"),
        (click.UsageError("wrong"), 2, "Error: wrong\n"),
        (click.FileError("f", "hint"), 2, "Could not open file"),
        (click.Abort(), 130, "error: interrupted"),
    ],
)
def test_each_fault_has_its_line_and_code(
    capfd: pytest.CaptureFixture[str], raised: BaseException, code: int, said: str
) -> None:
    """
    Whatever is raised becomes words on standard error and a code that is not 0.
    """
    got = run_command(command(raised), "it", [])
    out, err = capfd.readouterr()

    assert got == code
    assert said in err
    assert (out, "Traceback" in err) == ("", False)


def test_debug_shows_the_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    """
    With `--debug` the cause's traceback is shown, and the line too.
    """
    run_command(command(ZeroDivisionError("odd")), "it", ["--debug"])
    err = capfd.readouterr().err

    assert "Traceback" in err
    assert "ZeroDivisionError: odd" in err
    assert "error: our own fault" in err


def test_wrong_usage_is_2(capfd: pytest.CaptureFixture[str]) -> None:
    """
    An unknown option ends with 2 and says which.
    """
    assert run_command(command(), "it", ["--nonsense"]) == 2
    assert "--nonsense" in capfd.readouterr().err


def test_help_is_0(capfd: pytest.CaptureFixture[str]) -> None:
    """
    Help was asked for, so it is no error.
    """
    assert run_command(command(), "it", ["--help"]) == 0
    assert "Usage" in capfd.readouterr().out
