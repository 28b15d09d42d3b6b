"""Compiles ``webapp/retrieval/kernel.c`` when Newsstand is set up from its source, if there is a C compiler.

Without one nothing is lost but time: the same is done with NumPy and SciPy. A wheel has no compiled part and runs
everywhere, unless ``COMPILED=yes`` asks for one for this kind of machine (``make wheel COMPILED=yes``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags

FOLDER = Path("webapp") / "retrieval"
SOURCE, LIBRARY = FOLDER / "kernel.c", FOLDER / "kernel.compiled"
FLAGS = ("-O3", "-std=gnu11", "-fPIC", "-shared", "-fvisibility=hidden", "-ffp-contract=off", "-fno-math-errno", "-g0")


def compile_kernel(root: Path) -> bool:
    """Compile it in its place below `root`; return whether that was done."""
    compiler = shutil.which(os.environ.get("CC") or "cc")
    if compiler is None:
        return False
    made_from = zlib.crc32((root / SOURCE).read_bytes())
    unfinished = LIBRARY.with_name(f"{LIBRARY.name}.{os.getpid()}")
    command = [compiler, *FLAGS, f"-DSOURCE_CRC32={made_from}u", "-o", str(unfinished), str(SOURCE), "-lm"]
    try:
        subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)  # noqa: S603 - the user's compiler
        (root / unfinished).replace(root / LIBRARY)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"webapp/retrieval/kernel.c was not compiled, answers take longer: {getattr(error, 'stderr', error)}")
        (root / unfinished).unlink(missing_ok=True)
        return False
    return True


class KernelHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling for each wheel, the editable one among them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile for a working copy, and for a wheel that is to have it."""
        root = Path(self.root)
        if version == "editable":
            compile_kernel(root)
        elif os.environ.get("COMPILED") == "yes":
            if not compile_kernel(root):
                raise RuntimeError("There is no C compiler. On Debian and Ubuntu: apt-get install gcc libc6-dev")
            build_data["force_include"][str(root / LIBRARY)] = str(LIBRARY)
            build_data["pure_python"] = False
            # No part of it knows Python: any version will do.
            build_data["tag"] = f"py3-none-{next(sys_tags()).platform}"
