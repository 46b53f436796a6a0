"""The command `weerwoord` as a process, with pipes or on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weerwoord.settings import ROOT

COMMAND = [sys.executable, "-W", "ignore", "-m", "weerwoord.cli.main"]
PATIENCE = 60.0  # seconds


def _environment(env: dict[str, str | Path]) -> dict[str, str]:
    """What the command may see; what it keeps must not end up among what somebody really practised."""
    if "WEERWOORD_DATABASE" not in env:
        env = {"WEERWOORD_DATABASE": os.environ["WEERWOORD_DATABASE"], **env}  # of the fixture `diary_file`
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **{name: str(v) for name, v in env.items()}}


def weerwoord(*arguments: str | Path, given: str = "", **env: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command with this input and environment."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=_environment(env),
        timeout=PATIENCE,
    )


def one_sentence(done: subprocess.CompletedProcess[str], code: int = 2) -> str:
    """What a command that failed said: one line, and no traceback."""
    assert done.returncode == code and done.stdout == "", (done.returncode, done.stdout, done.stderr)
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


class Terminal:
    """A command on a pseudo-terminal of 80 columns."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process, self.shown = process, ""
        self._master = master

    def wait_for(self, text: str) -> None:
        """Wait until a text has been shown after what was waited for before."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < deadline and self._read(), f"{text!r} was not shown, but: {self.shown!r}"
        self.shown = self.shown.partition(text)[2]

    def type(self, text: str) -> None:
        """Type a text; `\\x03` is Ctrl-C, `\\x04` is Ctrl-D."""
        if not text.isprintable():
            time.sleep(0.3)  # a prompt is shown just before its line is read, and nobody is that quick with Ctrl-C
        os.write(self._master, text.encode())

    def rest(self) -> str:
        """Everything shown until the end."""
        while self._read():
            pass
        return self.shown

    def _read(self) -> bool:
        if not select.select([self._master], [], [], PATIENCE)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux says so when the other side has closed
            return False
        self.shown += data.decode("utf-8", "replace")
        return bool(data)


@contextmanager
def terminal(*arguments: str | Path, **env: str | Path) -> Iterator[Terminal]:
    """Run the command on a pseudo-terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=ROOT,
        env=_environment({"TERM": "xterm", "COLUMNS": "80", **env}),
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
        process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def _take_terminal() -> None:
    import fcntl
    import signal
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches the command
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # programs in the background start without it
