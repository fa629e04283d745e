"""Logs: one line an event, to standard error, so that standard output stays for answers."""

import logging
import sys

import structlog


def configure_logging(level: int = logging.WARNING) -> None:
    """Set up structlog once, at the edge of a process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
