"""`python -m stack demo` runs Assay; `python -m stack run -- COMMAND` runs one command beside its servers."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from stack.environment import for_programs, servers
from stack.errors import ProcessFailed, StackError, from_os_error
from stack.home import Home, InUse
from stack.processes import bound_to_us

SECONDS_FOR_THE_OTHER_TO_START = 60


def run(command: list[str]) -> int:
    """Run `command` with PostgreSQL and Redis at hand, those of a copy that already runs here if there is one."""
    home = Home()
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(home.locked())
        except InUse:
            found = home.published(within_seconds=SECONDS_FOR_THE_OTHER_TO_START)
        else:
            found = stack.enter_context(servers(home))
        environment = for_programs(home, found)
        environment.setdefault("ASSAY_ENV", "development")
        environment["PATH"] = (
            f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        )
        # The command gets Ctrl-C too, and decides. A handler, since a child would inherit SIG_IGN.
        signal.signal(signal.SIGINT, lambda number, frame: None)
        child = subprocess.Popen(bound_to_us(command, death_signal=signal.SIGTERM), env=environment)
        signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
        return child.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="run the whole of Assay")
    demo.add_argument("--stop-with-parent", action="store_true", help="stop when make is killed")
    runner = commands.add_parser("run", help="run one command beside PostgreSQL and Redis")
    runner.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    try:
        if options.command == "run":
            arguments = (
                options.arguments[1:] if options.arguments[:1] == ["--"] else options.arguments
            )
            return run(arguments or parser.error("say which command to run"))  # type: ignore[func-returns-value]
        from stack.demo import main as run_demo  # needs more of the packages than `run` does

        return run_demo(with_parent=options.stop_with_parent)
    except ProcessFailed as error:
        print(f"{error}\n\n{error.tail()}", file=sys.stderr)
    except StackError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(from_os_error(error, Path.cwd()), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
