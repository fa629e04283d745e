"""`baogong user`: accounts by command."""

from pathlib import Path

from tests.lib.command import answer, baogong


def test_accounts_are_added_reset_and_disabled(data: Path) -> None:
    """Each initial password is shown once; the list tells who has what; a disabled account says since when."""
    person = ("li.hua", "--name", "李华", "--at", "演示局", "--region", "44")
    added = answer(baogong(data, "user", "add", *person, "--json"))
    assert (added["user_name"], added["region"], len(added["initial_password"])) == ("li.hua", "440000", 23)
    reset = answer(baogong(data, "user", "password", "li.hua", "--json"))
    assert reset["initial_password"] != added["initial_password"]
    assert baogong(data, "user", "totp-reset", "li.hua").returncode == 0
    assert baogong(data, "user", "disable", "li.hua").returncode == 0
    (listed,) = answer(baogong(data, "user", "list", "--json"))
    assert listed["disabled_at"] is not None
    assert listed["password_is_initial"] is True
    assert "price.confidential" not in listed["scopes"]
    assert added["initial_password"] not in str(listed)
    for command in ("password", "totp-reset", "disable"):
        done = baogong(data, "user", command, "nobody")
        assert (done.returncode, done.stderr) == (1, "没有账号 nobody there is no such account\n")


def test_what_cannot_be_an_account_is_told(data: Path) -> None:
    """A sentence and status 1: names, reaches, scopes, somebody there already."""
    arguments = {
        "Li Hua": ["--region", "44"],
        "li.hua": [],
        "wang": ["--region", "44", "--organization", "sender:a"],
        "baogong-cli": ["--region", "44"],
        "zhao": ["--region", "44", "--scope", "feed.pharmacy:write"],
        "qian": ["--region", "44", "--no-password"],
    }
    for name, more in arguments.items():
        done = baogong(data, "user", "add", name, "--name", "李华", "--at", "演示局", *more)
        assert (name, done.returncode, done.stdout) == (name, 1, "")
        assert done.stderr.strip()
    first, second = (
        baogong(data, "user", "add", "sun", "--name", "李华", "--at", "演示局", "--organization", "sender:a")
        for _ in range(2)
    )
    assert (first.returncode, second.returncode) == (0, 1)
    assert "已被占用" in second.stderr
