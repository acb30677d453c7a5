"""The manifests of deploy/: Kubernetes by its own schemas and by its restricted profile, systemd by systemd itself."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from trdpgx.model.access import AccessSettings
from trdpgx.model.environment import PREFIX
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml")
UNIT = DEPLOY / "systemd" / "trdpgx.service"
SETTINGS = {PREFIX + name.upper() for model in (Settings, AccessSettings, Limits) for name in model.model_fields}
LEAST_EXPOSURE = 2.0
"""What `systemd-analyze security` may give at the most; 10 is a service that nothing confines."""


def manifest(name: str) -> dict[str, Any]:
    return dict[str, Any](yaml.safe_load((DEPLOY / "kubernetes" / f"{name}.yaml").read_text("utf-8")))


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_a_manifest_keeps_the_schema_of_kubernetes(path: Path) -> None:
    kubernetes_validate.validate(yaml.safe_load(path.read_text("utf-8")), "1.32", strict=True)


def test_the_kustomization_names_every_manifest() -> None:
    assert set(manifest("kustomization")["resources"]) == {path.name for path in MANIFESTS}


def test_kustomize_builds_them() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("there is no kubectl here")
    built = subprocess.run([kubectl, "kustomize", DEPLOY / "kubernetes"], capture_output=True, check=True, text=True).stdout
    documents = list(yaml.safe_load_all(built))
    for document in documents:
        kubernetes_validate.validate(document, "1.32", strict=True)
    assert {document["kind"] for document in documents} >= {"Deployment", "NetworkPolicy", "Service", "Namespace"}
    assert "registry.example.org/trdpgx:0.1.0" in built


def test_the_pod_keeps_the_restricted_profile() -> None:
    pod = manifest("deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    assert not any("hostPath" in volume for volume in pod["volumes"])
    assert pod["automountServiceAccountToken"] is False


def test_nothing_leaves_the_pods_and_probes_ask_what_the_service_answers() -> None:
    policy = manifest("networkpolicy")["spec"]
    assert policy["egress"] == []
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    labels = manifest("deployment")["spec"]["template"]["metadata"]["labels"]
    assert policy["podSelector"]["matchLabels"] == labels == manifest("service")["spec"]["selector"]
    (container,) = manifest("deployment")["spec"]["template"]["spec"]["containers"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_variables_are_settings() -> None:
    (container,) = manifest("deployment")["spec"]["template"]["spec"]["containers"]
    lines = (DEPLOY / "systemd" / "trdpgx.env").read_text("utf-8").splitlines()
    unit = re.findall(r"^Environment=(\w+)=", UNIT.read_text("utf-8"), re.MULTILINE)
    named = {one["name"] for one in container["env"]} | {line.partition("=")[0] for line in lines if not line.startswith("#")} | set(unit)
    assert named <= SETTINGS


def test_systemd_knows_every_line_of_the_unit_and_finds_it_confined(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze here")
    # The program is named by a path that this machine has, or `verify` complains of that alone.
    unit = tmp_path / "trdpgx.service"
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/trdpgx/bin/trdpgx", shutil.which("true") or "/bin/true"))
    verified = subprocess.run([analyze, "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    assert verified.stderr == ""
    rated = subprocess.run([analyze, "security", "--offline=yes", UNIT], capture_output=True, text=True, check=False).stdout
    (exposure,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", rated)
    assert float(exposure) <= LEAST_EXPOSURE
