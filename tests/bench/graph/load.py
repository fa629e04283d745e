"""The load: wrk from Debian's packages, which POSTs a file of bodies in turn."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.graph.cases import Variables
from tests.bench.graph.servers import Contender, cores

_SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under load."""

    requests_per_second: float
    #: of the server's process alone, PostgreSQL's not included
    cpu_seconds_per_request: float


def require_wrk() -> None:
    """End with a sentence where wrk is missing."""
    if shutil.which("wrk") is None:
        raise SystemExit("未找到 wrk：apt install wrk。 wrk is missing: apt install wrk.")


def write_bodies(path: Path, document: str, asked: list[Variables]) -> None:
    """Write one body a line, for each set of variables."""
    lines = [json.dumps(body_of(document, variables), ensure_ascii=False) for variables in asked]
    path.write_text("\n".join(lines), "utf-8")


def body_of(document: str, variables: Variables) -> dict[str, Any]:
    """A GraphQL request. Variables that the document does not declare are left out, as the language demands."""
    declared = {name: value for name, value in variables.items() if f"${name}:" in document}
    return {"query": document, "variables": declared}


def put_load(
    contender: Contender, url: str, bodies: Path, token: str, connections: int, seconds: int
) -> Load:
    """Ask as fast as the answers come, on this many connections. Ends where any answer is an error.

    Where not one answer comes in time, once more and longer: wrk counts whole answers.
    """
    before = contender.cpu_seconds()
    told = _wrk(url, bodies, token, connections, seconds)
    contender.wait_for_rest()
    if told["failed"]:
        raise SystemExit(f"{contender.name} {url}: {told}")
    if not told["requests"]:
        return put_load(contender, url, bodies, token, connections, seconds * 4)
    spent = contender.cpu_seconds() - before
    return Load(told["requests"] / told["seconds"], spent / told["requests"])


def _wrk(url: str, bodies: Path, token: str, connections: int, seconds: int) -> dict[str, float]:
    """What wrk.lua tells."""
    command = ["taskset", "--cpu-list", str(cores().rest), "wrk", "--threads", "1"]
    command += ["--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "60s"]
    command += ["--script", str(_SCRIPT), url, "--", str(bodies), token]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
