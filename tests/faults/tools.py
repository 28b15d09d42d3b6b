"""Programs of other people that tests of faults use; see `.ci/run` for the packages they are in."""

from __future__ import annotations

import shutil

from tests.faults import scale

PACKAGES = {
    "nginx": "nginx",
    "slowhttptest": "slowhttptest",
    "wrk": "wrk",
    "faketime": "faketime",
    "openssl": "openssl",
}


def tool(name: str) -> str:
    """Return where a program is; without it the test is skipped, or fails where everything has to be there."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        scale.missing(f"{name} is not installed. On Debian and Ubuntu: apt-get install {PACKAGES[name]}")
    return str(found)
