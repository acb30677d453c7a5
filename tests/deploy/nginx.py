"""nginx with the configuration of deploy/nginx, as the proxy of a running service."""

import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.http.servers import Server, free_port

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


@dataclass
class Proxy:
    """nginx: its port, the certificate for clients, and the files of its two logs."""

    port: int
    context: ssl.SSLContext
    log: Path
    folder: Path

    @property
    def base(self) -> str:
        return f"https://localhost:{self.port}"

    def client(self, **options: float) -> httpx.Client:
        return httpx.Client(verify=self.context, base_url=self.base, trust_env=False, timeout=options.get("timeout", 60))


@contextmanager
def before(server: Server, folder: Path, *, locations: str = "root.conf") -> Iterator[Proxy]:
    """Run nginx before a service until the end of the block."""
    assert NGINX is not None
    port = free_port()
    certificate(folder)
    for part in CONFIGURATION.glob("*.conf"):
        shutil.copy(part, folder)
    changes = {
        "server trdpgx:8000;": f"server 127.0.0.1:{server.port};",
        "listen 8443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "/etc/nginx/tls/": f"{folder}/",
        "include root.conf;": f"include {locations};",
        "/tmp/nginx": f"{folder}/nginx",
        "access_log /dev/stdout": f"access_log {folder}/access.log",
    }
    text = (folder / "nginx.conf").read_text()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(text)
    errors = folder / "error.log"
    with errors.open("wb") as log:
        command = (NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off; user root;")
        process = subprocess.Popen(command, stdout=log, stderr=log)
    context = ssl.create_default_context(cafile=str(folder / "tls.crt"))
    proxy = Proxy(port, context, folder / "access.log", folder)
    try:
        _wait(proxy)
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=20)


def certificate(folder: Path) -> None:
    """Write a self-signed certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now - timedelta(hours=1), now + timedelta(days=1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "tls.key").write_bytes(key.private_bytes(*form))


def _wait(proxy: Proxy) -> None:
    for _ in range(200):
        try:
            with proxy.client(timeout=5) as client:
                client.get("/livez")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError((proxy.folder / "error.log").read_text())
