"""An operator's first hour, as docs/operations.md writes it: keys, settings of the unit, quotas in a Redis, nginx before it, a scrape."""

import os
import re
import stat
import subprocess
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.deploy.nginx import CONFIGURATION, NGINX, before
from tests.http.servers import COMMAND, free_port, running
from tests.http.test_rates import running_redis
from trdpgx.service.example import GENOME

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx here (apt-get install nginx-light)")


def unit_settings() -> dict[str, str]:
    """Return what `/etc/trdpgx/trdpgx.env` holds."""
    lines = (ROOT / "deploy" / "systemd" / "trdpgx.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def new_key(folder: Path, *options: str) -> str:
    made = subprocess.run([COMMAND, "keys", "new", "--file", folder / "keys.json", *options], capture_output=True, text=True, check=True)
    return made.stdout.strip()


def test_each_change_of_the_proxy_finds_what_it_changes() -> None:
    changes = re.findall(r"sed -i 's#([^#]+)#([^#]+)#' /etc/nginx/nginx.conf", OPERATIONS)
    text = (CONFIGURATION / "nginx.conf").read_text()
    assert len(changes) == 4
    for old, new in changes:
        assert text.count(old) == 1
        assert new not in text


def test_the_port_of_the_metrics_is_the_same_everywhere() -> None:
    port = unit_settings()["TRDPGX_METRICS_PORT"]
    assert f"tcp:{port}\n" in (ROOT / "deploy" / "systemd" / "trdpgx.service").read_text()
    assert set(re.findall(r"127\.0\.0\.1:(9\d+)", OPERATIONS)) == {port}


def test_the_scrape_is_what_prometheus_reads() -> None:
    (written,) = re.findall(r"```yaml\n(scrape_configs:.*?)```", OPERATIONS, re.DOTALL)
    (job,) = yaml.safe_load(written)["scrape_configs"]
    assert job == {"job_name": "trdpgx", "static_configs": [{"targets": [f"127.0.0.1:{unit_settings()['TRDPGX_METRICS_PORT']}"]}]}


def test_a_service_with_keys_quotas_tls_and_a_scrape(tmp_path: Path) -> None:
    ward = {"Authorization": f"Bearer {new_key(tmp_path, '--name', 'Ward 3')}"}
    operator = {"Authorization": f"Bearer {new_key(tmp_path, '--name', 'Operator', '--scope', 'read', '--scope', 'metrics')}"}
    assert stat.S_IMODE(os.stat(tmp_path / "keys.json").st_mode) == 0o600
    own = {
        "TRDPGX_KEYS": str(tmp_path / "keys.json"),
        "TRDPGX_METRICS_PORT": str(free_port()),
        "TRDPGX_PUBLIC_URL": "https://localhost",
        "TRDPGX_AUDIT": str(tmp_path / "audit.jsonl"),
        "TRDPGX_RATE_REQUESTS": "4",
        "TRDPGX_CONFINE": "try",
    }
    with running_redis(tmp_path) as redis, running(**{**unit_settings(), **own, "TRDPGX_REDIS_URL": redis.url}) as server:
        with before(server, tmp_path) as proxy, proxy.client() as client:
            assert client.get("/v1/genes").status_code == 401
            assert client.get("/metrics", headers=operator).status_code == 404
            assert client.post("/v1/reports", content=GENOME, headers=operator).status_code == 403
            answers = [client.post("/v1/reports", content=GENOME, headers=ward) for _ in range(5)]
            assert [answer.status_code for answer in answers] == [200] * 4 + [429]
            assert answers[-1].json()["type"] == "https://localhost/problems/rate_limited"
            metrics = httpx.get(f"http://127.0.0.1:{own['TRDPGX_METRICS_PORT']}/metrics", trust_env=False).text
            limited = {
                sample.value for one in text_string_to_metric_families(metrics) for sample in one.samples if "limited" in sample.name
            }
            assert list(limited) == [1.0]
            subprocess.run([COMMAND, "keys", "revoke", "--file", tmp_path / "keys.json", "Ward 3"], check=True, capture_output=True)
            assert client.get("/v1/genes", headers=ward).status_code == 401
        assert server.stop() == 0
