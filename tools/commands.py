"""The commands, by name."""

from . import (
    benchmarks,
    console,
    core_tests,
    databases,
    demo,
    linting,
    paths,
    postgres,
    testing,
    translations,
)


def stop():
    """Stop the demo and the private server."""
    demo.stop()
    if (paths.LOCAL / "postgresql").exists():
        with postgres.exclusive("postgresql"):
            postgres.Cluster().stop()
    return 0


def clean():
    """Delete everything that the project has generated."""
    stop()
    if server := postgres.named_by_environment():
        databases.drop_all(server)
    if (paths.LOCAL / "postgresql").exists():
        postgres.Cluster().remove()
    paths.delete_made()
    return 0


COMMANDS = {
    "demo": demo.serve,
    "demo-check": demo.check,
    "demo-reset": demo.reset,
    "assets": demo.assets,
    "test": testing.run,
    "core-tests": core_tests.run,
    "lint": linting.check,
    "format": linting.fix,
    "bench": benchmarks.run,
    "pot": translations.export,
    "stop": stop,
    "clean": clean,
}


def run(name="", *arguments):
    """Run a command with its arguments; return its exit code."""
    if name not in COMMANDS:
        console.say(f"Commands: {', '.join(COMMANDS)}")
        return 1
    paths.make_folders()
    return COMMANDS[name](*arguments)
