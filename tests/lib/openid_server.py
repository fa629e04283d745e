"""A certified OpenID provider that others made (`oidc-provider`), in a process of its own, and who signs in there."""

import html
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.lib.npm import OIDC_PROVIDER, npm_folder

#: characters that have to be form-encoded in a Basic header
SECRET = "a secret +%"

_SERVER = """
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'baogong',
      client_secret: process.env.SECRET,
      redirect_uris: [process.env.CALLBACK],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
"""


@contextmanager
def openid_server(folder: Path, callback: str) -> Iterator[str]:
    """Its address, which is its name. Skips the test where it cannot be had."""
    npm_folder(folder, OIDC_PROVIDER)
    (folder / "server.mjs").write_text(_SERVER, "utf-8")
    process = subprocess.Popen(
        [shutil.which("node") or "node", "server.mjs"],
        cwd=folder,
        env={"SECRET": SECRET, "CALLBACK": callback},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def sign_in_there(address: str, name: str, callback: str) -> str:
    """A person signs in at the provider under this name and consents; the address it sends the browser back to."""
    with httpx.Client(timeout=30) as browser:
        answer = browser.get(address)
        for _ in range(20):
            location = answer.headers.get("location", "")
            if location.startswith(callback):
                return str(location)
            if location:
                answer = browser.get(answer.url.join(location))
            else:
                action = re.findall(r'<form[^>]* action="([^"]+)"', answer.text)[0]
                prompt = re.findall(r'name="prompt" value="(\w+)"', answer.text)[0]
                form = {"prompt": prompt, "login": name, "password": "x"}
                answer = browser.post(answer.url.join(html.unescape(action)), data=form)
    raise AssertionError(answer.text)
