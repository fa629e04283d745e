"""Packages from npm for tests of foreign clients: unpacked into a folder of their own, no install scripts run."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

#: reviewed by name and number; with what they bring none of them runs anything when it is installed
GRAPHQL = "graphql@16.15.0"
GRAPHQL_HTTP = "graphql-http@1.23.1"
GRAPHQL_REQUEST = "graphql-request@7.4.0"
GRAPHQL_WS = "graphql-ws@6.4.2"
GRAPHQL_SSE = "graphql-sse@2.6.1"
OIDC_PROVIDER = "oidc-provider@9.13.3"
OPENID_CLIENT = "openid-client@6.8.9"
OAUTH4WEBAPI = "oauth4webapi@3.8.8"
WS = "ws@8.23.0"
OPENID_CLIENT = "openid-client@6.8.9"
OAUTH4WEBAPI = "oauth4webapi@3.8.8"
JOSE = "jose@6.2.18"


def npm_folder(folder: Path, *packages: str) -> Path:
    """The folder, with the packages in it. Skips the test where there is no npm, or it reaches no registry."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("no node and npm on this machine: foreign clients cannot be tried")
    (folder / "package.json").write_text(json.dumps({"private": True, "type": "module"}), "utf-8")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent", "--save-exact"]
    done = subprocess.run(
        ["npm", "install", *options, *packages],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"npm reaches no registry: {done.stderr[-500:]}")
    return folder


def run_node(folder: Path, script: str, **values: str) -> object:
    """What a script prints as JSON; `values` are in its `process.env`."""
    path = folder / "script.mjs"
    path.write_text(script, "utf-8")
    node = shutil.which("node") or "node"
    done = subprocess.run(
        [node, str(path)], cwd=folder, env=values, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
