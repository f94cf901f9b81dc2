"""The real server below a path, behind the real nginx with TLS, set up by deploy/nginx.conf itself."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path

from tests.app.servers import REPOSITORY, free_port

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
OPENSSL = shutil.which("openssl")
_PATIENCE_S = 60.0
_AROUND = """daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Served:
    """url: as a visitor has it. behind: of the server itself. said: what it wrote to stderr."""

    url: str
    behind: str
    process: subprocess.Popen[bytes]
    log: Path
    context: ssl.SSLContext | None = field(default=None, repr=False)

    def ask(self, path: str, method: str = "GET", data: bytes | None = None, **headers: str) -> HTTPResponse:
        """The answer, whatever its status; header names with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, data, named, method=method)
        try:
            return urllib.request.urlopen(request, context=self.context)  # type: ignore[no-any-return]
        except urllib.request.HTTPError as error:
            return error  # type: ignore[return-value]


@contextmanager
def serving(library: Path, *options: str, **environment: str) -> Iterator[Served]:
    """`alignment serve` on a port of its own, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "alignment", "serve"]
    log = library.with_name(f"{library.name}.log")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ALIGNMENT_")}
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [*command, "--port", str(port), "--library", str(library), *options],
            cwd=REPOSITORY,
            env={**inherited, **environment},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            served = Served(address, address, process, log)
            _wait_until_up(f"{address}/healthz", process)
            yield served
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)


@contextmanager
def behind_nginx(library: Path, folder: Path) -> Iterator[Served]:
    """The same below /talks behind nginx. folder: for nginx's own files."""
    assert NGINX and OPENSSL
    with serving(library, "--base-path", "/talks", "--proxied") as served:
        port = free_port()
        key, certificate = _certificate(OPENSSL, folder)
        site = (REPOSITORY / "deploy" / "nginx.conf").read_text()
        for ours, here in (
            ("127.0.0.1:8501;", f"127.0.0.1:{served.behind.rpartition(':')[2]};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
            ("/etc/ssl/talks.example.org/fullchain.pem", str(certificate)),
            ("/etc/ssl/talks.example.org/privkey.pem", str(key)),
            ("server_name talks.example.org", "server_name localhost"),
        ):
            assert ours in site
            site = site.replace(ours, here)
        (folder / "site.conf").write_text(site)
        (folder / "nginx.conf").write_text(_AROUND.format(folder=folder))
        command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as nginx:
            try:
                _wait_until_open(port, nginx)
                context = ssl.create_default_context(cafile=str(certificate))
                yield Served(f"https://localhost:{port}", served.behind, served.process, served.log, context)
            finally:
                nginx.terminate()


def _certificate(openssl: str, folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = [openssl, "req", "-x509", *made, *subject, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate


def _wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _PATIENCE_S
    while time.monotonic() < limit:
        assert process.poll() is None, "the server ended before it was up"
        try:
            with urllib.request.urlopen(address) as answer:
                assert answer.status == 200
                return
        except (urllib.request.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError("the server did not come up")


def _wait_until_open(port: int, nginx: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _PATIENCE_S
    while time.monotonic() < limit:
        assert nginx.poll() is None, nginx.stderr and nginx.stderr.read()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nginx did not come up")
