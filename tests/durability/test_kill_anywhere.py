"""A few kills at random moments over all steps; `make kill-anywhere` makes two hundred."""

import tempfile
from pathlib import Path

from tests.durability.kill_anywhere import kill_many
from tests.durability.sequence import Size, write_sequence
from tests.lib.shared_run import room_for_servers

#: commands in which all steps are, without those that only take longer
_COMMANDS = ("stores", "day1", "day3", "late", "new_store", "pull")


def test_a_killed_hub_ends_as_if_undisturbed() -> None:
    """SIGKILL, then the same command again: the same digest as the undisturbed run, times included."""
    # a server's folder must be reachable for the user it runs as, so not under pytest's own
    with tempfile.TemporaryDirectory(prefix="baogong-kill-", dir=room_for_servers()) as folder:
        Path(folder).chmod(0o755)
        commands = [
            command
            for command in write_sequence(Path(folder), Size(stores=3, items=60))
            if command.name in _COMMANDS
        ]
        kills = list(kill_many(Path(folder), commands, kills=6, workers=1, seed=7))
    assert 6 == len(kills)
    assert [] == [kill for kill in kills if not kill.is_well]
