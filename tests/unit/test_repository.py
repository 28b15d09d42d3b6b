"""No secret stands in the project's files."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRETS = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY",
    "key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "token of a forge": r"\bgh[pousr]_[0-9A-Za-z]{36}|\bgithub_pat_\w{50}|\bglpat-[\w-]{20}",
    "token of a chat": r"\bxox[abprs]-[0-9A-Za-z-]{10}",
    "token of a registry": r"_authToken=|\bpypi-AgEI\w{20}|\bnpm_[0-9A-Za-z]{36}",
    "signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20}",
    "password in an address": r"\b[a-z][a-z0-9+]*://[^\s/:@{}<>\"'`]+:(?!\.\.\.|password|secret|PASSWORD)[^\s/@{}<>\"'`]{6,}@",
    "key in a setting": r"(?i)secret_?key[\"']?\s*[:=]\s*[\"']?[0-9a-f]{32}",
}
NEVER = {".env", "secret_key", "id_rsa", "id_ed25519", ".netrc", ".pypirc", "newsstand.sqlite3"}
ENDINGS = {".pem", ".key", ".p12", ".pfx", ".jks", ".kdbx", ".sqlite3", ".db"}
FIXTURES = "tests/"
"""Databases and keys of tests are made for them."""


@pytest.fixture(scope="module")
def files() -> list[str]:
    """The files that are published, by their name within the project."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no working copy: which files are published is not known")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)  # noqa: S607
    return [name for name in os.fsdecode(listed.stdout).split("\0") if name and (ROOT / name).is_file()]


def test_no_file_is_a_secret(files: list[str]) -> None:
    """By its name."""
    assert len(files) > 300
    for name in files:
        assert Path(name).name not in NEVER, name
        assert Path(name).suffix not in ENDINGS or name.startswith(FIXTURES), name


def test_no_secret_stands_in_a_file(files: list[str]) -> None:
    """By its form; what a test makes up to be refused is in that test alone."""
    for name in files:
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        for kind, form in SECRETS.items():
            if name != "tests/unit/test_repository.py":
                found = re.search(form, text)
                assert found is None, f"{name}: {kind}: {found[0]}"


def test_secrets_are_known_by_their_form() -> None:
    """The check can fail."""
    made = {
        "private key": "-----BEGIN OPENSSH PRIVATE KEY-----",
        "key of a cloud": "AKIA" + "ABCDEFGH" * 2,
        "token of a forge": "ghp_" + "a1B2" * 9,
        "token of a chat": "xoxb-1234567890",
        "token of a registry": "npm_" + "a1B2" * 9,
        "signed token": "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJlc2lnbmF0dXJl",
        "password in an address": "postgresql://newsstand:hunter2hunter2@db.example.org/newsstand",
        "key in a setting": f"NEWSSTAND_SECRET_KEY={'0f' * 32}",
    }
    assert set(made) == set(SECRETS)
    for kind, secret in made.items():
        assert re.search(SECRETS[kind], secret), kind
