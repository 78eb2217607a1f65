"""A cluster behind TLS and a password: what it takes to get in, and what is told where one can't."""

import logging
from collections.abc import Iterator
from typing import Final

import pytest

from search import fallback
from tests.cluster.door import USER, Door
from tests.faults.deployed import Deployed, deployed

PASSWORD: Final = "correct-horse-battery"  # noqa: S105
OTHER_PASSWORD: Final = "another-staple"  # noqa: S105
IS_WRONG: Final = "refuses the user's name or the password"


@pytest.fixture(autouse=True)
def tries_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fallback, "RETRY_SECONDS", 0.3)


@pytest.fixture(scope="module")
def door(
    cluster_hosts: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    with Door(cluster_hosts[0], PASSWORD, tmp_path_factory.mktemp("tls")).used() as door:
        yield door


@pytest.fixture(scope="module")
def site(
    cluster_hosts: tuple[str, ...], door: Door, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "password").write_text(f"{PASSWORD}\n")
    with deployed(
        folder,
        cluster_hosts,
        hosts=[door.url],
        username=USER,
        password_file=str(folder / "password"),
        ca_file=str(door.ca_file),
    ) as site:
        site.build("first")
        yield site


@pytest.fixture(autouse=True)
def tells_no_password(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Whatever a test does, neither the log of the service nor what it writes has a password."""
    caplog.set_level(logging.DEBUG)
    yield
    said = caplog.text + "".join(capfd.readouterr())
    assert PASSWORD not in said
    assert OTHER_PASSWORD not in said
    assert "Traceback" not in said


def test_who_has_the_password_gets_in(site: Deployed) -> None:
    service = site.service()
    service.answers()
    assert service.readiness()["engine"] == "opensearch"
    for command in (["search", "lantern"], ["status"], ["verify"]):
        done = site.site.run(*command)
        assert PASSWORD not in done.stdout + done.stderr


def test_a_wrong_password_is_told_and_the_right_one_is_enough(
    site: Deployed, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    running = site.service()
    before = running.answers()
    door.password = OTHER_PASSWORD
    try:
        running.check_refuses("refused", IS_WRONG, caplog)
        starting, falling = site.service(), site.service(fallback="embedded")
        starting.check_refuses("refused", IS_WRONG, caplog)
        falling.check_falls_back(IS_WRONG)
        for command in ("status", "build"):
            assert IS_WRONG in (told := site.refused(command))
            assert PASSWORD not in told
    finally:
        door.password = PASSWORD
    for service in (running, starting, falling):
        service.check_recovers()
        assert service.answers() == before


def test_a_certificate_that_nobody_vouches_for_is_told(
    site: Deployed, caplog: pytest.LogCaptureFixture
) -> None:
    told = "can't be trusted"
    site.service(ca_file="").check_refuses("refused", told, caplog)
    site.service(ca_file="", fallback="embedded").check_falls_back(told)
    site.configure(ca_file="")
    for command in ("status", "build"):
        assert "ca_file" in site.refused(command)
    site.configure(ca_file="", verify_certificates=False)
    done = site.site.run("search", "lantern")
    assert "CERTIFICATES ARE NOT CHECKED" in done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    site.configure()
