"""Alerts and dashboard: checked by Prometheus itself, about metrics that there are, each with a page to turn to."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from webapp.tally import METRICS, Counter, Histogram

ROOT = Path(__file__).parents[3]
PROMETHEUS = ROOT / "deploy" / "prometheus"
ALERTS = PROMETHEUS / "alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "newsstand.json"
OPERATIONS = ROOT / "docs" / "operations.md"
METRICS_PAGE = ROOT / "webapp" / "web" / "metrics.py"


def promtool(*arguments: str | Path) -> None:
    """Run promtool; where tests must be complete it has to be there."""
    tool = shutil.which("promtool")
    if tool is None:
        assert os.environ.get("CI") != "true", "promtool is missing"
        pytest.skip("promtool is not here (Debian's package prometheus)")
    told = subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def exposed() -> set[str]:
    """Return the name of every series that a server gives."""
    names = set(re.findall(r'"(newsstand_[a-z_]+)"', METRICS_PAGE.read_text("utf-8")))
    for metric in METRICS:
        if isinstance(metric, Histogram):
            names |= {metric.name + end for end in ("_bucket", "_sum", "_count")}
        else:
            names.add(metric.name + ("_total" if isinstance(metric, Counter) else ""))
    return names


def rules() -> list[dict[str, object]]:
    found: list[dict[str, object]] = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"][0]["rules"]
    return found


def test_alerts_are_rules() -> None:
    """As Prometheus reads them."""
    promtool("check", "rules", ALERTS)


def test_each_alert_fires_when_it_should() -> None:
    """And none while all is well."""
    promtool("test", "rules", PROMETHEUS / "alerts.test.yml")
    tests = yaml.safe_load((PROMETHEUS / "alerts.test.yml").read_text("utf-8"))["tests"]
    names = {str(rule["alert"]) for rule in rules()}
    assert {test["name"].removesuffix(" fires") for test in tests} == {*names, "all is well"}
    (quiet,) = [test for test in tests if test["name"] == "all is well"]
    assert {one["alertname"] for one in quiet["alert_rule_test"]} == names


@pytest.mark.parametrize("file", [ALERTS, DASHBOARD], ids=lambda file: file.name)
def test_it_speaks_of_metrics_that_there_are(file: Path) -> None:
    """Every name."""
    named = set(re.findall(r"\bnewsstand_[a-z_]+", file.read_text("utf-8")))
    assert len(named) > 10
    assert named <= exposed()


def test_the_dashboard_shows_every_metric() -> None:
    """But the count and the bounds of durations, which belong to their histogram."""
    board = json.loads(DASHBOARD.read_text("utf-8"))
    shown = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    assert {metric.name for metric in METRICS if metric.name not in shown} == set()


def test_every_alert_has_its_page() -> None:
    """A heading that its anchor leads to, and no page is left over."""
    text = OPERATIONS.read_text("utf-8")
    headings = re.findall(r"^### (.+)$", text.split("## When an alert fires")[1], re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    runbooks = {str(rule["annotations"]["runbook"]) for rule in rules()}  # type: ignore[index]
    assert runbooks == {f"docs/operations.md#{anchor}" for anchor in anchors}
    for rule in rules():
        assert f"`{rule['alert']}`" in text
