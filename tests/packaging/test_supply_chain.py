"""What Newsstand is made of: locked, listed, built the same each time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_locked_with_hashes(lock: Path) -> None:
    """One version each for a platform, files by their hash, and no address of an index."""
    text = lock.read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) > 20
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
    assert "://" not in text and "index" not in text.split("--hash")[0]


def test_what_serves_is_locked_alike_everywhere() -> None:
    """Tests and benchmarks run with the packages that serve."""

    def versions(lock: Path) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE))

    serving = versions(ROOT / "requirements" / "run.lock")
    for lock in LOCKS:
        others = versions(lock)
        assert {name: others.get(name, version) for name, version in serving.items()} == serving


def built(folder: Path, target: str, modified_at: int, compiled: str = "") -> Path:
    """Return what is built from a copy of the project's files."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)  # noqa: S607
    source = folder / "source"
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("docs/gallery/", "tests/", "benchmarks/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
            os.utime(source / name, (modified_at, modified_at))
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder / "dist")],
        cwd=source,
        check=True,
        capture_output=True,
        env={name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"} | {"COMPILED": compiled},
    )
    (made,) = (folder / "dist").iterdir()
    return made


@pytest.mark.parametrize(("target", "compiled"), [("wheel", ""), ("sdist", ""), ("wheel", "yes")])
def test_what_is_built_twice_is_the_same(tmp_path: Path, target: str, compiled: str) -> None:
    """In another folder, from files of another day: anybody can check what was published."""
    if compiled and shutil.which("cc") is None:
        pytest.skip("there is no C compiler here")
    one = built(tmp_path / "one", target, 1_000_000_000, compiled)
    other = built(tmp_path / "a folder elsewhere", target, 1_700_000_000, compiled)
    assert one.name == other.name
    assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()


def test_a_wheel_runs_everywhere_unless_it_is_compiled(tmp_path: Path) -> None:
    """One with a compiled part says for which machines it is; that part is what the source there says."""
    plain = built(tmp_path / "plain", "wheel", 1_000_000_000)
    assert plain.name.endswith("-py3-none-any.whl")
    assert "webapp/retrieval/kernel.compiled" not in zipfile.ZipFile(plain).namelist()
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler here")
    wheel = built(tmp_path / "compiled", "wheel", 1_000_000_000, "yes")
    assert "-py3-none-linux_" in wheel.name
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    loaded = "from webapp.retrieval import kernel; print(kernel.__file__, kernel.library() is not None)"
    where = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    ran = subprocess.run(
        [sys.executable, "-c", loaded], cwd=tmp_path, check=True, capture_output=True, text=True, env=where
    )
    assert ran.stdout.split() == [str(tmp_path / "site" / "webapp" / "retrieval" / "kernel.py"), "True"]


def test_the_bill_of_materials_lists_everything(tmp_path: Path) -> None:
    """Each locked package and each part that browsers load, with licence; it is valid, and the same each time."""
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        subprocess.run([sys.executable, str(ROOT / "deploy" / "bill_of_materials.py"), str(file)], check=True)
    assert files[0].read_bytes() == files[1].read_bytes()
    listed = {one["name"]: one for one in json.loads(files[0].read_text("utf-8"))["components"]}
    locked = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements" / "run.lock").read_text("utf-8"), re.MULTILINE)
    vendored = json.loads((ROOT / "static" / "vendor" / "vendor.json").read_text("utf-8"))
    for name in (*locked, *(package["name"] for package in vendored.values())):
        assert listed[name]["version"] and "licenses" in listed[name], name
    assert all(listed[name]["licenses"] for name in ("flask", "scikit-learn", "htmx", "gunicorn"))
