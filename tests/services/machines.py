"""PostgreSQL, Redis, assistants and web apps of a test's own, on free ports, to stop, kill and start again."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import psycopg2
import pytest
import redis

from weerwoord.bench.bots import free_ports
from weerwoord.settings import ROOT

LONG = bool(os.environ.get("WEERWOORD_TEST_LONG"))  # `make test-services`; otherwise seconds each
START = 120.0  # seconds; much of a busy machine


def wait(until: Callable[[], object], what: str, seconds: float = START) -> None:
    """Wait until something holds."""
    limit = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < limit, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)


class Machine:
    """A process that can be stopped, killed and started again."""

    def __init__(self, command: Sequence[str], env: dict[str, str] | None = None, log: Path | None = None) -> None:
        self.command, self.env, self.log = command, env, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        where = open(self.log, "ab") if self.log else subprocess.DEVNULL  # noqa: SIM115
        env = {**os.environ, **self.env} if self.env else None
        self.process = subprocess.Popen(self.command, cwd=ROOT, stdout=where, stderr=where, env=env)
        wait(self.ready, f"start of {self.command[-1]}")

    def ready(self) -> bool:
        raise NotImplementedError

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)
            self.process.wait(timeout=30)

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def cpu(self) -> float:
        """Seconds of processor time used until now, with its children."""
        seen, todo = 0, [self.pid]
        while todo:
            pid = todo.pop()
            with contextlib.suppress(OSError):
                # user, system, and both of children that ended: fields 14 to 17, counted behind the name
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                seen += sum(int(field) for field in fields[11:15])
                todo += [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return seen / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident memory, MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


class PostgreSQL(Machine):
    """A server of the test's own."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        programs = found[-1].parent if found else Path(shutil.which("postgres") or "/nowhere/postgres").parent
        if not (programs / "initdb").exists():
            pytest.skip("PostgreSQL is not installed here")
        # it refuses to run as root
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="weerwoord-pg-")), free_ports()[0]
        if as_user:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        data = self.folder / "data"
        make = [str(programs / "initdb"), "-D", str(data), "-U", "weerwoord", "-A", "trust", "-E", "UTF8", "-N"]
        subprocess.run([*as_user, *make], check=True, capture_output=True, cwd="/")
        listen = ["-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.folder)]
        self.programs = programs
        super().__init__([*as_user, str(programs / "postgres"), "-D", str(data), *listen], log=self.folder / "log")
        self.url = f"postgresql://weerwoord@127.0.0.1:{self.port}/postgres"

    def ready(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def stop(self, sign: signal.Signals = signal.SIGINT) -> None:
        """SIGINT breaks off what is going on, as a restart in earnest does; the server keeps what was committed."""
        if self.process is not None and self.process.poll() is None:
            main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
            os.kill(main, sign)
            self.process.wait(timeout=60)

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with contextlib.closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())


class RedisServer(Machine):
    """A server of the test's own, that keeps nothing on disk."""

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("Redis is not installed here")
        self.port = free_ports()[0]
        self.folder = tempfile.mkdtemp(prefix="weerwoord-redis-")
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder]
        super().__init__([program, *where, "--save", "", "--appendonly", "no"])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis.from_url(self.url)

    def ready(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False


class Nginx(Machine):
    """nginx with the configuration of `deploy/`, in which only addresses and folders are those of this machine."""

    def __init__(self, webs: Sequence[Part]) -> None:
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            pytest.skip("nginx is not installed here")
        self.folder, port = Path(tempfile.mkdtemp(prefix="weerwoord-nginx-")), free_ports()[0]
        self.folder.chmod(0o755)  # its workers are another user than root
        text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        here = {"listen 8080;": f"listen 127.0.0.1:{port};", " /tmp/": f" {self.folder}/"}
        here |= {f"web-{n}:8000": web.url.removeprefix("http://") for n, web in enumerate(webs, 1)}
        for there, mine in here.items():
            assert there in text, f"{there} is not in nginx.conf"
            text = text.replace(there, mine)
        file = self.folder / "nginx.conf"
        file.write_text(text, encoding="utf-8")
        log = self.folder / "log"
        super().__init__([program, "-p", str(self.folder), "-g", "daemon off;", "-c", str(file)], log=log)
        self.url = f"http://127.0.0.1:{port}"

    def ready(self) -> bool:
        assert self.process is not None and self.log is not None
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        try:
            return httpx.get(f"{self.url}/health", timeout=2, trust_env=False).is_success
        except httpx.HTTPError:
            return False


class Part(Machine):
    """An assistant or a web app."""

    def __init__(self, module: str, path: str, port: int, env: dict[str, str], folder: Path, number: int = 1) -> None:
        log = folder / f"{module.rpartition('.')[2]}-{number}.log"
        super().__init__([sys.executable, "-W", "ignore", "-m", module], env, log)
        self.url, self.path = f"http://127.0.0.1:{port}", path

    def ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()[-2000:] if self.log else "stopped"
        try:
            return httpx.get(self.url + self.path, timeout=2).is_success
        except httpx.HTTPError:
            return False


class Cluster:
    """Web apps and assistants on one database and one Redis."""

    def __init__(self, folder: Path, assistants: int = 2, webs: int = 2, **env: str) -> None:
        self.folder = folder
        ports = free_ports(assistants)
        urls = ",".join(f"http://127.0.0.1:{port}" for port in ports)
        common = {"WEERWOORD_ASSISTANT_URL": urls, "WEERWOORD_LOG_LEVEL": "INFO", **env}
        self.assistants = []
        for number, port in enumerate(ports, 1):
            mine = {**common, "WEERWOORD_ASSISTANT_PORT": str(port)}
            self.assistants.append(Part("weerwoord.runtime.assistant", "/ready", port, mine, folder, number))
        self.webs = []
        for number, port in enumerate(free_ports(webs), 1):
            mine = {**common, "WEERWOORD_PORT": str(port)}
            self.webs.append(Part("weerwoord.runtime.web", "/health", port, mine, folder, number))

    @property
    def parts(self) -> list[Part]:
        return [*self.assistants, *self.webs]

    def start(self) -> None:
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        for part in self.parts:
            part.stop()

    def logs(self) -> str:
        return "".join(part.log.read_text() for part in self.parts if part.log and part.log.exists())


@contextlib.contextmanager
def running(*machines: Machine | Cluster) -> Iterator[None]:
    """The machines while they run."""
    try:
        for machine in machines:
            machine.start()
        yield
    finally:
        for machine in reversed(machines):
            machine.stop()
