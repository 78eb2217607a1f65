"""The examples of deploying: they say what is so, and the programs that they are for take them."""

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

import click
import pytest
import yaml

from search.cli import main
from search.service.limits import MAX_TEXT_REQUEST_BYTES
from search.settings import KEYS, load_settings
from search.settings_sources import ENV_CONFIG, ENV_PREFIX

ROOT: Final = Path(__file__).resolve().parents[1]
CONTAINERFILE: Final = ROOT / "Containerfile"
COMPOSE: Final = ROOT / "compose.yaml"
NGINX: Final = ROOT / "deploy/nginx.conf"
CADDY: Final = ROOT / "deploy/Caddyfile"
UNITS: Final = sorted([*ROOT.glob("deploy/*.service"), *ROOT.glob("deploy/*.timer")])
GUIDE: Final = ROOT / "content/production.md"
CLUSTER_GUIDE: Final = ROOT / "content/clusters.md"
EXAMPLES: Final = (CONTAINERFILE, COMPOSE, NGINX, CADDY, *UNITS)

NODES: Final = ("opensearch-1", "opensearch-2", "opensearch-3")
KEYS_FOLDER: Final = "/keys"
INSTALLED: Final = "/srv/signpost/.venv/bin/signpost"


def program(name: str) -> str:
    """Where a program is that not every machine has; the test is skipped without it."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/local/sbin:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def passes(*command: str) -> str:
    """Runs it, and gives what it said on standard output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, each with what it is given."""
    text = re.sub(r"(?m)^#.*\n", "", CONTAINERFILE.read_text(encoding="utf-8"))
    lines = text.replace("\\\n", " ").splitlines()
    return [(name, given) for name, _, given in (line.partition(" ") for line in lines) if name]


def image_variables(steps: list[tuple[str, str]]) -> dict[str, str]:
    pairs = [pair for name, given in steps if name == "ENV" for pair in shlex.split(given)]
    return dict(pair.split("=", 1) for pair in pairs if pair.startswith(ENV_PREFIX))


def test_every_setting_that_an_example_names_exists() -> None:
    known = {key.variable for key in KEYS} | {ENV_CONFIG}
    for example in (*EXAMPLES, GUIDE, CLUSTER_GUIDE):
        named = set(re.findall(rf"\b{ENV_PREFIX}\w+", example.read_text(encoding="utf-8")))
        assert named <= known, example.name
        for section, key in re.findall(
            r"# +\[(\w+)\]\n# +(\w+) = ", example.read_text(encoding="utf-8")
        ):
            assert f"{ENV_PREFIX}{section}__{key}".upper() in known, example.name


def test_containers_have_the_settings_that_are_meant(
    steps: list[tuple[str, str]], compose: dict[str, Any]
) -> None:
    server = compose["services"]["signpost"]
    settings = load_settings(environ=image_variables(steps) | server["environment"])
    assert settings.index.dir == Path("/index")
    assert (settings.service.host, settings.service.port) == ("0.0.0.0", 8000)  # noqa: S104
    (subnet,) = compose["networks"]["default"]["ipam"]["config"]
    trusted = [ip_network(network) for network in settings.service.trusted_proxies]
    assert ip_network(subnet["subnet"]) in trusted
    assert all(network.is_private for network in trusted)
    (published,) = server["ports"]
    assert published == "127.0.0.1:${PORT:-8000}:8000"  # nobody else can say whom it asks for


def test_containers_of_a_cluster_have_the_settings_that_are_meant(
    steps: list[tuple[str, str]], compose: dict[str, Any]
) -> None:
    services = compose["services"]
    (subnet,) = compose["networks"]["default"]["ipam"]["config"]
    for name in ("cluster-builder", "server-1", "server-2"):
        settings = load_settings(environ=image_variables(steps) | services[name]["environment"])
        engine = dict(settings.engine)
        assert engine["kind"] == "opensearch"
        assert engine["hosts"] == tuple(f"https://{node}:9200" for node in NODES)
        assert engine["verify_certificates"] is True
        assert engine["password_file"] == f"{KEYS_FOLDER}/password"
        assert engine["ca_file"] == f"{KEYS_FOLDER}/ca.pem"
        assert subnet["subnet"] in settings.service.trusted_proxies
        assert f"cluster-keys:{KEYS_FOLDER}:ro" in services[name]["volumes"]
    (published,) = services["gateway"]["ports"]
    assert published == "127.0.0.1:${CLUSTER_PORT:-8001}:8080"
    with_ports = {name for name, service in services.items() if "ports" in service}
    assert with_ports == {"signpost", "gateway"}


def test_only_the_cluster_needs_a_password(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {name for name, service in services.items() if "profiles" not in service} == {
        *("builder", "signpost")
    }
    assert all(service.get("profiles", ["cluster"]) == ["cluster"] for service in services.values())
    assert ":?" not in COMPOSE.read_text(encoding="utf-8")  # which is wanted of every profile
    named = [name for name, service in services.items() if "OPENSEARCH_PASSWORD" in str(service)]
    assert named == ["keys"]
    for node in NODES:
        assert services[node]["depends_on"] == {
            "keys": {"condition": "service_completed_successfully"}
        }
        assert services["cluster-builder"]["depends_on"][node] == {"condition": "service_healthy"}
        assert services[node]["healthcheck"]["test"][0] == "CMD-SHELL"
        assert services[node]["environment"]["node.name"] == node


def test_the_nodes_of_a_cluster_get_certificates_that_hold(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    openssl = program("openssl")
    *_, script = compose["services"]["keys"]["entrypoint"]
    for folder in ("keys", "tmp"):
        (tmp_path / folder).mkdir()
    here = re.sub(r"(?<=\s)(?=/(keys|tmp)\b)", str(tmp_path), script)
    command = ["sh", "-euc", here.replace("$$", "$")]
    keys = tmp_path / "keys"

    def make(password: str) -> int:
        variables = os.environ | {"OPENSEARCH_PASSWORD": password}
        return subprocess.run(command, env=variables, capture_output=True, check=False).returncode

    assert make("") == 2
    assert list(keys.iterdir()) == []
    assert make("amber & birch") == 0
    assert (keys / "password").read_text(encoding="utf-8") == "amber & birch"
    authority, certificate = str(keys / "ca.pem"), keys / "node.pem"
    strictly = (openssl, "verify", "-x509_strict", "-CAfile", authority)  # as Python does from 3.13
    for host in (*NODES, "localhost"):
        passes(*strictly, "-purpose", "sslserver", "-verify_hostname", host, str(certificate))
    passes(*strictly, "-purpose", "sslclient", str(certificate))  # nodes talk to each other
    before = certificate.read_bytes()
    assert [make(password) for password in ("another", "")] == [0, 0]
    assert certificate.read_bytes() == before


def test_nginx_takes_the_gateway(compose: dict[str, Any], tmp_path: Path) -> None:
    nginx = program("nginx")
    gateway = compose["services"]["gateway"]
    text = gateway["environment"]["NGINX_CONF"].replace("$$", "$")
    file = tmp_path / "nginx.conf"
    file.write_text(text.replace(" /tmp/", f" {tmp_path}/"), encoding="utf-8")
    passes(nginx, "-e", "stderr", "-c", str(file), "-t")
    (size,) = re.findall(r"client_max_body_size (\d+)m;", text)
    assert int(size) * 1024 * 1024 == MAX_TEXT_REQUEST_BYTES
    addresses = {
        f"{compose['services'][name]['networks']['default']['ipv4_address']}:8000"
        for name in ("server-1", "server-2")
    }
    assert set(re.findall(r"server ([\d.:]+) ", text)) == addresses


def test_containers_may_do_no_more_than_they_have_to(
    steps: list[tuple[str, str]], compose: dict[str, Any]
) -> None:
    last_stage = steps[max(n for n, step in enumerate(steps) if step[0] == "FROM") :]
    (user,) = [given for name, given in last_stage if name == "USER"]
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", user)  # by number: kubelets ask for it
    for name, service in compose["services"].items():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not service.get("privileged")
        if name not in NODES:  # which write to their own folder
            assert service["read_only"] is True
            assert service["tmpfs"] == ["/tmp"]  # noqa: S108
        assert ("user" in service) is (name == "keys")
    assert compose["services"]["keys"]["network_mode"] == "none"
    mounts = {name: service.get("volumes") for name, service in compose["services"].items()}
    assert mounts["builder"] == ["${SITE:-.}:/site:ro", "index:/index"]
    assert mounts["signpost"] == ["${SITE:-.}:/site:ro", "index:/index:ro"]
    for server in ("server-1", "server-2"):
        assert mounts[server] == [
            *("${SITE:-.}:/site:ro", "cluster-index:/index:ro", "cluster-keys:/keys:ro")
        ]
    assert {"index", "cluster-index", "cluster-keys", *NODES} == compose["volumes"].keys()


def commands() -> list[tuple[str, list[str]]]:
    """What the examples run, by where they say so."""
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    found = [
        (f"compose.yaml, {name}", service["command"])
        for name, service in services.items()
        if service["image"] == "signpost" and "entrypoint" not in service
    ]
    (cmd,) = re.findall(r"(?m)^CMD (.*)$", CONTAINERFILE.read_text(encoding="utf-8"))
    found.append(("Containerfile", yaml.safe_load(cmd)))
    for unit in UNITS:
        for line in re.findall(r"(?m)^ExecStart=(.*)$", unit.read_text(encoding="utf-8")):
            executable, *arguments = shlex.split(line)
            assert executable == INSTALLED
            found.append((unit.name, arguments))
    return found


@pytest.mark.parametrize(("place", "arguments"), commands())
def test_every_command_that_an_example_runs_exists(place: str, arguments: list[str]) -> None:
    name, *options = arguments
    assert name in main.commands, place
    command = main.commands[name]
    _, rest, _ = command.make_parser(click.Context(command)).parse_args(options)
    assert rest == [], place


def test_an_image_gets_all_that_it_is_made_of(steps: list[tuple[str, str]]) -> None:
    copied = {
        name.removeprefix("./")
        for step, given in steps
        if step == "COPY" and not given.startswith("--from")
        for name in given.split()[:-1]
    }
    ignored, *lines = [
        line
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert ignored == "*"
    assert copied == {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    setuptools = project["tool"]["setuptools"]
    packages = {package.split(".")[0] for package in setuptools["packages"]}
    modules = {f"{module}.py" for module in setuptools["py-modules"]}
    assert packages | modules <= copied
    assert {project["project"]["readme"], *project["project"]["license-files"]} <= copied


def test_proxies_let_bodies_through_that_the_service_takes() -> None:
    (nginx,) = re.findall(r"client_max_body_size (\d+)m;", NGINX.read_text(encoding="utf-8"))
    (caddy,) = re.findall(r"max_size (\d+)MiB", CADDY.read_text(encoding="utf-8"))
    assert int(nginx) * 1024 * 1024 == MAX_TEXT_REQUEST_BYTES
    assert int(caddy) * 1024 * 1024 == MAX_TEXT_REQUEST_BYTES


def test_the_guide_shows_lines_that_are_in_the_unit() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    unit = (ROOT / "deploy/signpost.service").read_text(encoding="utf-8").splitlines()
    (shown,) = re.findall(r"```ini\n(.*?)```", text, re.DOTALL)
    assert {line for line in shown.splitlines() if line} <= set(unit)
    assert {f"deploy/{file.name}" for file in (ROOT / "deploy").iterdir()} <= {
        *re.findall(r"`(deploy/[\w.-]+)`", text)
    }


def test_compose_takes_its_file(tmp_path: Path) -> None:
    command = program("docker-compose")
    shutil.copy(COMPOSE, tmp_path)
    said = passes(*(command, "-f", str(tmp_path / COMPOSE.name), "--profile", "cluster", "config"))
    assert yaml.safe_load(said)["services"].keys() == {
        *("builder", "signpost"),
        *("keys", *NODES, "cluster-builder", "server-1", "server-2", "gateway"),
    }


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    command = program("systemd-analyze")
    executable = shutil.which("true")
    assert executable
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        (tmp_path / unit.name).write_text(text.replace(INSTALLED, executable), encoding="utf-8")
    verified = subprocess.run(
        [command, "verify", *(str(tmp_path / unit.name) for unit in UNITS)],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if "Failed to initialize manager" in verified.stderr:
        pytest.skip("systemd-analyze can't work here")
    assert [line for line in verified.stderr.splitlines() if "signpost" in line] == []
