"""What stands in deploy/ hangs together; there is no Docker here, so by schema and comparison, not by running it."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from weerwoord.settings import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
OBJECTS = [
    pytest.param(thing, id=f"{path.name}-{thing['kind']}-{thing['metadata']['name']}")
    for path in KUBERNETES
    if path.name != "kustomization.yaml"
    for thing in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
THINGS: list[dict[str, Any]] = [dict(p.values[0]) for p in OBJECTS]  # type: ignore[call-overload]


@cache
def schemas() -> Path:
    """The strict schemas of the package kubernetes-validate; its own code wants a newer jsonschema than Rasa's."""
    spec = find_spec("kubernetes_validate")
    assert spec is not None and spec.submodule_search_locations is not None
    found = Path(spec.submodule_search_locations[0]) / "kubernetes-json-schema"
    return max(found.glob("v*-local-strict"), key=lambda p: [int(n) for n in re.findall(r"\d+", p.name)])


@cache
def definitions() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((schemas() / "_definitions.json").read_text(encoding="utf-8"))
    return found


def problems(thing: dict[str, Any]) -> list[str]:
    group, _, version = thing["apiVersion"].rpartition("/")
    name = "-".join(part for part in (thing["kind"].lower(), group.partition(".")[0], version) if part)
    schema = json.loads((schemas() / f"{name}.json").read_text(encoding="utf-8"))
    resolver = jsonschema.RefResolver(schema["$id"], schema, store={definitions()["$id"]: definitions()})
    return [e.message for e in jsonschema.Draft202012Validator(schema, resolver=resolver).iter_errors(thing)]


@pytest.mark.parametrize("thing", OBJECTS)
def test_kubernetes_would_take_it(thing: dict[str, Any]) -> None:
    assert problems(thing) == []


def test_the_schema_finds_mistakes() -> None:
    deployment = next(t for t in THINGS if t["kind"] == "Deployment")
    wrong = json.loads(json.dumps(deployment))
    wrong["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    wrong["spec"]["replicas"] = "two"
    assert len(problems(wrong)) == 2


def test_kustomize_names_every_file() -> None:
    kustomization = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text(encoding="utf-8"))
    assert set(kustomization["resources"]) == {p.name for p in KUBERNETES} - {"kustomization.yaml"}


def test_selectors_and_references_meet() -> None:
    by_kind: dict[str, dict[str, dict[str, Any]]] = {}
    for thing in THINGS:
        by_kind.setdefault(thing["kind"], {})[thing["metadata"]["name"]] = thing
    deployments = by_kind["Deployment"]
    for name, deployment in deployments.items():
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"] == labels
        assert by_kind["Service"][name]["spec"]["selector"] == labels
        assert by_kind["PodDisruptionBudget"][name]["spec"]["selector"]["matchLabels"] == labels
        assert by_kind["NetworkPolicy"][name]["spec"]["podSelector"]["matchLabels"] == labels
        assert by_kind["HorizontalPodAutoscaler"][name]["spec"]["scaleTargetRef"]["name"] == name
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            assert find_spec(container["command"][-1]) is not None
            secrets = [e["valueFrom"]["secretKeyRef"]["name"] for e in container["env"]]
            assert secrets and set(secrets) == {"weerwoord"}  # by reference only
    assert "Secret" not in by_kind


def test_every_setting_that_is_used_exists() -> None:
    known = set(re.findall(r"^#(WEERWOORD_\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M))
    known |= {"WEERWOORD_HEALTH"}  # the health check of the image
    for path in [*KUBERNETES, DEPLOY / "compose.yml", DEPLOY / "Dockerfile", ROOT / "docs" / "scaling.md"]:
        used = set(re.findall(r"WEERWOORD_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8")))
        used = {name for name in used if not name.startswith("WEERWOORD_TEST")}
        assert used <= known, f"{path.name}: {used - known}"


def test_compose_is_closed_and_watched() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"nginx", "web-1", "web-2", "assistant-1", "assistant-2", "postgresql", "redis"}
    for name, service in services.items():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        assert set(service.get("depends_on", {})) <= set(services), name
        assert "healthcheck" in service or service["image"].startswith("weerwoord"), name  # ours is in the image
        assert ("ports" in service) == (name == "nginx")
        assert service.get("privileged") is None and "tmpfs" in service
    assert COMPOSE["networks"]["back"] == {"internal": True}
    for name in ("assistant-1", "assistant-2", "postgresql", "redis"):
        assert services[name]["networks"] == ["back"]
    secrets = re.findall(r"PASSWORD: (.*)|TOKEN: (.*)", (DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    assert secrets and all((a or b).startswith("${") for a, b in secrets)


def test_addresses_in_compose_and_nginx_are_those_of_services() -> None:
    services, nginx = COMPOSE["services"], (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"server ([\w-]+):8000", nginx) == ["web-1", "web-2"]
    for name in ("web-1", "assistant-1"):
        hosts = re.findall(r"(?:@|//|,http://)([\w-]+):\d+", json.dumps(services[name]["environment"]))
        assert hosts and set(hosts) <= {*services, "127.0.0.1"}
        assert find_spec(services[name]["command"][-1]) is not None
    subnet = COMPOSE["networks"]["front"]["ipam"]["config"][0]["subnet"]
    assert services["web-1"]["environment"]["WEERWOORD_TRUSTED_PROXIES"] == subnet
    assert "location = /metrics { return 404; }" in nginx and "X-Forwarded-For $remote_addr" in nginx


def test_the_image_runs_without_a_compiler_and_not_as_root() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    first, last = text.split("# --- what runs")
    assert "build-essential" in first and "build-essential" not in last and "apt-get" not in last
    assert "USER 10001" in last and "HEALTHCHECK" in last
    assert "requirements.lock" in first and "--no-deps" in first
    left_out = re.search(r"grep -viE '\^\((.*?)\)'", first)
    assert left_out is not None
    names = [line.partition("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines()]
    dropped = [n for n in names if re.match(rf"^({left_out[1]})", n, re.I)]
    assert "tensorflow" in dropped and not {"rasa", "redis", "sanic", "starlette", "numpy"} & set(dropped)
