"""Writes what Newsstand is made of, as a CycloneDX bill of materials: ``python deploy/bill_of_materials.py FILE``.

Packages come from the lock file with their hashes, their licences from what is installed, and the browser's parts from
``static/vendor/vendor.json``. The same lock gives the same file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "run.lock"
VENDORED = ROOT / "static" / "vendor"
CLASSIFIER = "License :: "


def bill() -> dict[str, Any]:
    """Return the bill of materials."""
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", "--output-reproducible"]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), str(LOCK)]
    made = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, Any] = json.loads(made.stdout)
    for component in found["components"]:
        component["bom-ref"] = component["purl"]
        component.pop("description", None)
        component["licenses"] = _licences(component["name"])
    found["components"] += _vendored()
    references = sorted(component["bom-ref"] for component in found["components"])
    root = found["metadata"]["component"]["bom-ref"]
    found["dependencies"] = [{"ref": root, "dependsOn": references}, *({"ref": one} for one in references)]
    return found


def _licences(name: str) -> list[dict[str, Any]]:
    """Return the licence of an installed package, as it says itself."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        # Of another platform or version of Python.
        return []
    if said.get("License-Expression"):
        return [{"expression": said["License-Expression"]}]
    named = [one.removeprefix(CLASSIFIER) for one in said.get_all("Classifier", []) if one.startswith(CLASSIFIER)]
    return [{"license": {"name": one}} for one in named or [said["License"]] if one]


def _vendored() -> list[dict[str, Any]]:
    """Return the parts that browsers load, with the hash of each file."""
    components = []
    for package in json.loads((VENDORED / "vendor.json").read_text("utf-8")).values():
        purl = f"pkg:npm/{package['name']}@{package['version']}"
        files = [
            {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": digest}]}
            for name, digest in package["files"].items()
        ]
        components.append(
            {
                "type": "library",
                "bom-ref": purl,
                "name": package["name"],
                "version": package["version"],
                "purl": purl,
                "licenses": [{"license": {"id": package["licence"]}}],
                "components": files,
            }
        )
    return components


def main() -> None:
    """Write the file, when it is as the standard has it."""
    text = json.dumps(bill(), indent=1, sort_keys=True) + "\n"
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        raise SystemExit(f"The bill of materials is not as CycloneDX has it: {wrong}")
    file = Path(sys.argv[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    print(f"{file}: {len(json.loads(text)['components'])} components")


if __name__ == "__main__":
    main()
