"""``python3 -m tools COMMAND``: what the Makefile calls."""

import sys


def main(arguments):
    """Run the named command; return its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036
        print("These tools need Python 3.11 or newer.")
        return 1
    from . import commands, console  # noqa: PLC0415 -- newer syntax

    try:
        return commands.run(*arguments)
    except console.CannotGoOnError as reason:
        console.say(f"\n{reason}")
    except OSError as error:
        console.say(f"\n{console.explain_os_error(error)}")
    except KeyboardInterrupt:
        console.say("\nInterrupted.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
