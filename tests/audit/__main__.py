"""Asks the Nu HTML checker and Lighthouse about every page: ``make audit``, which installs both.

Every state that needs no JavaScript is checked as the server sends it. Exit code 1 when the checker finds an error or
warning, or when Lighthouse gives accessibility, best practices or SEO less than 100.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.serving import ARGUMENTS, CHROMIUM, DOCUMENTS, SEEDS, running
from tests.browser.states import STATES, WIDGET, State

MODULES = Path(__file__).parent / "node_modules"
NU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
LIGHTHOUSE = MODULES / ".bin" / "lighthouse"

PAGES = {
    **{name: state for name, state in STATES.items() if not state.scripted},
    "kiosk": State("/kiosk"),
    "frame": State("/embed?color=%237a1f3d"),
    "widget": State(WIDGET),
}
ATTEMPTS = 3
"""Now and then Lighthouse fails to record a page load and asks to be run again."""
MUST_BE_FULL = ("accessibility", "best-practices", "seo")
DEVICES = {"phone": [], "desktop": ["--preset=desktop"]}
ASKED_OF_LIGHTHOUSE = (
    "empty",
    "answered",
    "one-article-new",
    "conversations",
    "shared",
    "documents",
    "article",
    "kiosk",
    "frame",
)
NOT_FOR_ROBOTS = {"answered", "conversations", "shared", "kiosk", "frame"}
"""Pages that search engines are asked to leave alone: Lighthouse is not asked whether they may."""


def main() -> int:
    """Run both and print what they say."""
    if CHROMIUM is None:
        print("No Chromium found: install Debian's package chromium, or set CHROMIUM.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with running(folder, SEEDS, DOCUMENTS, development=True) as address:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            seen = {name: _visit(browser, address, state) for name, state in PAGES.items()}
            browser.close()
            errors = _nu(folder, {state: html for state, (html, _, _) in seen.items()})
            low = [
                complaint
                for state in ASKED_OF_LIGHTHOUSE
                for device in DEVICES
                for complaint in _lighthouse(folder, state, device, *seen[state][1:])
            ]
    print(f"{len(seen)} pages for the Nu HTML checker: {errors} errors or warnings")
    print("\n".join(low) or "Lighthouse: accessibility, best practices and SEO 100 everywhere")
    return 1 if errors or low else 0


def _visit(browser: Any, address: str, state: State) -> tuple[str, str, str]:
    """Return a state's page as the server sent it, its address, and the cookies with which it is shown."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    sent = []
    page.on("response", lambda answer: answer.request.resource_type == "document" and sent.append(answer))
    page.goto(state.path)
    state.reach(page)
    html = next(answer.text() for answer in reversed(sent) if not 300 <= answer.status < 400)
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
    url = page.url
    context.close()
    return html, url, cookies


def _nu(folder: Path, pages: dict[str, str]) -> int:
    files = []
    for state, html in pages.items():
        files.append(folder / f"{state}.html")
        files[-1].write_text(html, encoding="utf-8")
    told = subprocess.run(
        ["java", "-jar", str(NU), "--format", "json", "--stdout", "--exit-zero-always", *map(str, files)],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    messages = json.loads(told.stdout)["messages"]
    wrong = [message for message in messages if message["type"] == "error" or message.get("subType") == "warning"]
    for message in wrong:
        print(f"{Path(message['url']).stem}:{message.get('lastLine')}: {message['message']}")
        print(f"    {message.get('extract', '').strip()}")
    return len(wrong)


def _lighthouse(folder: Path, state: str, device: str, url: str, cookies: str) -> list[str]:
    report = folder / f"{state}-{device}.json"
    command = [str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={report}", *DEVICES[device]]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    command += [f"--extra-headers={json.dumps({'Cookie': cookies})}"] if cookies else []
    command += ["--skip-audits=is-crawlable"] if state in NOT_FOR_ROBOTS else []
    environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
    for _ in range(ATTEMPTS):
        if subprocess.run(command, check=False, env=environment).returncode == 0:
            break
    else:
        return [f"{state}, {device}: Lighthouse came to no result"]
    told = json.loads(report.read_text(encoding="utf-8"))
    scores = {name: round(100 * (group["score"] or 0)) for name, group in told["categories"].items()}
    print(f"{state}, {device}: " + ", ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
    if scores["performance"] < 100:
        print("    points lost to " + ", ".join(_slow(told)))
    complaints = [f"{state}, {device}: {name} {scores[name]}" for name in MUST_BE_FULL if scores[name] < 100]
    if complaints:
        complaints += [
            f"    {name}: {audit['title']}" for name, audit in told["audits"].items() if audit["score"] in (0, 0.5)
        ]
    return complaints


def _slow(told: dict[str, Any]) -> list[str]:
    """Return the metrics that cost a report points of its performance.

    Where it is Total Blocking Time alone, look at what else ran on the machine: Lighthouse takes four times what each
    task lasted by the clock, and waiting for a busy processor counts as work.
    """
    metrics = (told["audits"][one["id"]] for one in told["categories"]["performance"]["auditRefs"] if one["weight"])
    return [f"{metric['title']} {metric.get('displayValue', '?')}" for metric in metrics if (metric["score"] or 0) < 1]


if __name__ == "__main__":
    sys.exit(main())
