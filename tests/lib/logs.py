"""What tests log by."""

import structlog


def log_briefly() -> None:
    """As structlog does by itself, but for tracebacks: with the values of all variables they take a second each."""
    structlog.reset_defaults()
    *before, _ = structlog.get_config()["processors"]
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, renderer])
