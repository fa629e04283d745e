"""When something is due: calendars in China time, and how the books make a source due or not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.registry import CONNECTORS
from hub.ingest.pull_store import PullTry
from hub.jobs.standing import SourceState, judge
from schema.cadence import Cadence, check_calendar, last_due, next_due

NIGHTLY = "17 3 * * *"
#: 03:17 in China
DUE = datetime(2026, 3, 1, 19, 17, tzinfo=UTC)

instants = st.integers(1_577_836_800, 2_208_988_800).map(lambda second: datetime.fromtimestamp(second, UTC))


def tried(minute: float, stop: str | None = None) -> PullTry:
    """A pull that began so many minutes after the due time and took one."""
    began = DUE + timedelta(minutes=minute)
    return PullTry(began, began + timedelta(minutes=1), stop, stop)


def test_a_calendar_is_chinas() -> None:
    """Seventeen past three at night in China is the evening before in UTC."""
    assert DUE == last_due(NIGHTLY, DUE + timedelta(hours=3))


def test_the_instant_itself_counts() -> None:
    """Within its minute it is the last one, and the next is a day later."""
    assert [DUE, DUE] == [last_due(NIGHTLY, DUE + timedelta(seconds=s)) for s in (0, 59)]
    assert DUE - timedelta(days=1) == last_due(NIGHTLY, DUE - timedelta(seconds=1))
    assert DUE + timedelta(days=1) == next_due(NIGHTLY, DUE)


@given(instants, st.sampled_from(list(Cadence)))
def test_now_lies_between_the_last_and_the_next(now: datetime, cadence: Cadence) -> None:
    """Whatever the cadence; and nothing is due in between."""
    last, following = last_due(cadence.calendar, now), next_due(cadence.calendar, now)
    assert last <= now < following
    assert following == next_due(cadence.calendar, last)


@pytest.mark.parametrize(
    "calendar", ["", "daily", "@daily", "* * * *", "* * * * * *", "61 * * * *", "0 0 30 2 *"]
)
def test_what_never_comes_is_no_calendar(calendar: str) -> None:
    """A wrong one is told of where it is read, not when it is due."""
    with pytest.raises(ValueError, match="cron"):
        check_calendar(calendar)


def test_every_feed_has_a_calendar() -> None:
    """From its cadence, or its own."""
    for connector in CONNECTORS.values():
        assert check_calendar(connector.manifest.calendar)


def test_what_was_never_pulled_is_due() -> None:
    """Since the last time of its calendar, however many passed: they are made up for once."""
    found = judge(NIGHTLY, [], DUE + timedelta(hours=1))
    assert (SourceState.DUE, DUE) == (found.state, found.at)


def test_a_pull_that_went_well_is_done_until_the_next_time() -> None:
    """Also after failures."""
    found = judge(NIGHTLY, [tried(0, "pull.unreachable"), tried(5)], DUE + timedelta(hours=1))
    assert (SourceState.DONE, DUE + timedelta(days=1), 0) == (found.state, found.at, found.failures)


@pytest.mark.parametrize(("failures", "pause"), [(1, 1), (2, 5), (3, 15), (4, 60), (9, 60)])
def test_failures_are_tried_again_with_growing_pauses(failures: int, pause: int) -> None:
    """One minute after the first; an hour at most; counted from the end of the last."""
    tries = [tried(2 * n, "pull.unreachable") for n in range(failures)]
    again = tries[-1].finished_at + timedelta(minutes=pause)
    early, late = (judge(NIGHTLY, tries, again + timedelta(seconds=s)) for s in (-1, 0))
    assert (SourceState.RETRY, again, failures) == (early.state, early.at, early.failures)
    assert (SourceState.DUE, failures) == (late.state, late.failures)


def test_another_process_at_the_source_is_no_failure_of_it() -> None:
    """It does not put off the next try."""
    assert SourceState.DUE is judge(NIGHTLY, [tried(0, "pull.running")], DUE + timedelta(minutes=1)).state
