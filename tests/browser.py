"""A headless Chromium, driven over a pipe: no port, and no package beside the standard library.

The browser reads its orders from descriptor 3 and writes to descriptor 4; messages are JSON that
ends with a zero byte (the DevTools protocol).
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_PATIENCE_S = 20.0
_NAMES = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
_SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


@dataclass
class Tab:
    """A page that is open, with all that went wrong in it and all it asked for."""

    browser: Browser
    session: str
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    is_loaded: bool = False

    def call(self, method: str, **parameters: Any) -> Any:
        """Order something of the page."""
        return self.browser.call(method, session=self.session, **parameters)

    def run(self, script: str) -> Any:
        """Evaluate JavaScript and return its value."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def heard(self, method: str, said: dict[str, Any]) -> None:
        """Take note of an event."""
        if method == "Page.loadEventFired":
            self.is_loaded = True
        elif method == "Network.requestWillBeSent":
            self.requests.append(said["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.faults.append(str(said["exceptionDetails"]))
        elif method == "Log.entryAdded":
            self.faults.append(str(said["entry"]))
        elif method == "Runtime.consoleAPICalled":
            self.faults.append(f"{said['type']}: {said['args']}")

    def picture(self) -> bytes:
        """Return what is seen, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def paper(self) -> bytes:
        """Return the page as it is printed on A4, as PDF."""
        size = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True}
        answer = self.call("Page.printToPDF", printBackground=True, **size)
        return base64.b64decode(answer["data"])


class Browser:
    """A running browser."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers = orders, answers
        self._number, self._rest = 0, b""
        self._tabs: dict[str, Tab] = {}

    def call(self, method: str, *, session: str | None = None, **parameters: Any) -> Any:
        """Order something and wait for the answer."""
        self._number += 1
        order: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            order["sessionId"] = session
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        answer = self._listen(lambda said: said.get("id") == self._number)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self, file: Path, *, width: int = 1440, height: int = 900) -> Tab:
        """Open a file offline in a window of so many pixels, and wait until it is loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = self._tabs[session] = Tab(self, session)
        for domain in ("Runtime", "Log", "Network", "Page"):
            tab.call(f"{domain}.enable")
        conditions = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        tab.call("Network.emulateNetworkConditions", offline=True, **conditions)
        tab.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        tab.call("Page.navigate", url=file.as_uri())
        self._listen(lambda _: tab.is_loaded)
        return tab

    def _listen(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read until a message is the one waited for; a browser that hangs fails the test."""
        patience = time.monotonic() + _PATIENCE_S
        while True:
            while b"\0" not in self._rest:
                left = patience - time.monotonic()
                if left <= 0 or not select.select([self._answers], [], [], left)[0]:
                    raise AssertionError(f"the browser did not answer within {_PATIENCE_S} s")
                read = os.read(self._answers, 1 << 16)
                if not read:
                    raise AssertionError("the browser has gone")
                self._rest += read
            message, _, self._rest = self._rest.partition(b"\0")
            said = json.loads(message)
            if (tab := self._tabs.get(said.get("sessionId", ""))) and "method" in said:
                tab.heard(said["method"], said["params"])
            if is_it(said):
                return dict(said)


def chromium() -> str:
    """Find a browser; without one the test is skipped, but not where CI should have one."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        missing = f"no browser found: install one of {', '.join(_NAMES)}"
        if os.environ.get("CI") == "true" and not os.environ.get("LOWALT_NO_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    """Run a browser for as long as it is needed."""
    program = chromium()
    orders_out, orders_in = os.pipe()
    answers_out, answers_in = os.pipe()
    # Out of the way of descriptors 3 and 4, which the shell makes of them.
    inherited = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (orders_out, answers_in)]
    os.close(orders_out)
    os.close(answers_in)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                "bash",
                "-c",
                f'exec "$@" 3<&{inherited[0]} 4>&{inherited[1]}',
                "_",
                program,
                *_SWITCHES,
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            pass_fds=inherited,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in inherited:
            os.close(end)
        try:
            yield Browser(orders_in, answers_out)
        finally:
            process.terminate()
            process.wait(timeout=_PATIENCE_S)
            os.close(orders_in)
            os.close(answers_out)
