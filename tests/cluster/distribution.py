"""OpenSearch itself: the minimal distribution, fetched once with Maven, and the Java that runs it."""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.cluster.errors import ClusterMissingError

VERSION: Final = "2.19.4"

FETCH_SECONDS: Final = 240
"""Maven gets so long for one file."""

ARTIFACTS: Final = {
    f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip": (
        f"opensearch-{VERSION}.zip",
        "3902e642715210d1d9d7cbdcc8f5abd6f931d1d7a679cea3750937becf16c406",
    ),
    f"org.opensearch.plugin:analysis-common:{VERSION}": (
        f"analysis-common-{VERSION}.jar",
        "46db3a6c8fc53f756853d29b4d14fc326ce96a0f56b62aeb289a8126ec513e66",
    ),
}
"""The files by their names for Maven, each with its SHA-256."""

MODULES: Final = {
    "analysis-common": (
        f"analysis-common-{VERSION}.jar",
        "org.opensearch.analysis.common.CommonAnalysisPlugin",
    ),
}
"""Parts of every ordinary distribution that the minimal one lacks: their file and their class."""

RUNNER: Final = "nobody"
"""OpenSearch refuses to run as root: there, this is the user that it runs as."""

FOLDER_FOR_ROOT: Final = Path("/var/cache/signpost-cluster")
"""Where everything is kept for root, whose home is closed to the user that the nodes run as."""

_JAVA_HOMES: Final = (
    ("/usr/lib/jvm", "*"),
    ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"),
)


def runner() -> pwd.struct_passwd | None:
    """The user that nodes run as; None for the one who asks."""
    return pwd.getpwnam(RUNNER) if os.geteuid() == 0 else None


def cache_folder() -> Path:
    """Where the distribution and the nodes' own folders are kept; it need not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME")
    folder = (Path(base) if base else Path.home() / ".cache") / "signpost-cluster"
    if runner() and not _is_open(folder):
        return FOLDER_FOR_ROOT
    return folder


def _is_open(folder: Path) -> bool:
    """Whether everybody may pass through all that there is of this path."""
    return all(parent.stat().st_mode & 0o001 for parent in folder.parents if parent.exists())


def java_home() -> Path:
    """The folder of a Java 17 or 21; ClusterMissingError where there is none."""
    variables = (os.environ.get("OPENSEARCH_JAVA_HOME"), os.environ.get("JAVA_HOME"))
    named = [Path(folder) for folder in variables if folder]
    found = [home for root, pattern in _JAVA_HOMES for home in sorted(Path(root).glob(pattern))]
    on_path = shutil.which("java")
    usual = [Path(on_path).resolve().parents[1]] if on_path else []
    for home in (*named, *usual, *found):
        if _is_suitable(home / "bin" / "java"):
            return home
    raise ClusterMissingError(
        "no Java 17 or 21, or no Maven: there is no such Java here (on Debian: apt-get install"
        " openjdk-17-jre-headless; elsewhere OPENSEARCH_JAVA_HOME names its folder)"
    )


def _is_suitable(java: Path) -> bool:
    if not os.access(java, os.X_OK):
        return False
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    return re.search(r'version "(17|21)\b', said) is not None


def installed() -> Path:
    """The folder of OpenSearch, which is fetched if it is not here yet.

    Raises ClusterMissingError where Maven is not installed or cannot fetch it.
    """
    folder = cache_folder()
    home = folder / f"opensearch-{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    with locked(folder / "lock"):
        if not home.is_dir():  # it gets its name once it is complete
            with tempfile.TemporaryDirectory(dir=folder, prefix="fetching-") as temporary:
                _fetch(Path(temporary))
                _install(Path(temporary)).rename(home)
    return home


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise ClusterMissingError(
            "no Java 17 or 21, or no Maven: mvn is not installed (on Debian: apt-get install maven)"
        )
    for artifact, (name, digest) in ARTIFACTS.items():
        command = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={artifact}"]
        try:
            done = subprocess.run(
                [*command, f"-DoutputDirectory={folder}"],
                cwd=folder,  # where no project of Maven's is
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=FETCH_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ClusterMissingError(
                f"Maven could not fetch {artifact} within {FETCH_SECONDS} seconds"
            ) from error
        file = folder / name
        if done.returncode or not file.is_file():
            last = [line for line in done.stdout.splitlines() if line.strip()][:3]
            raise ClusterMissingError(f"Maven could not fetch {artifact}: {' '.join(last)[:600]}")
        if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            raise ClusterMissingError(f"{artifact} is not the file that it should be")


def _install(folder: Path) -> Path:
    """OpenSearch, made in this folder of what was fetched into it, and readable for everybody."""
    with zipfile.ZipFile(folder / f"opensearch-{VERSION}.zip") as archive:
        archive.extractall(folder)
    home = folder / f"opensearch-{VERSION}"
    for name, (file, plugin) in MODULES.items():
        module = home / "modules" / name
        module.mkdir(parents=True)
        shutil.move(folder / file, module / file)
        (module / "plugin-descriptor.properties").write_text(
            f"name={name}\ndescription={name}\nversion={VERSION}\nopensearch.version={VERSION}\n"
            f"java.version=11\nclassname={plugin}\n",
            encoding="utf-8",
        )
    for path in (home, *home.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return home


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Holds the lock of a file, waiting for whoever has it."""
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
