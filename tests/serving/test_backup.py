"""A backup of a server that is being asked, restored into a new place."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


def newsstand(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "webapp", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_backup_under_load_holds_what_was_kept_before_it(start: Callable[..., Any], tmp_path: Path) -> None:
    """What was answered before it began comes back by its id; a server that runs is not restored into."""
    server = start().wait()
    kept: list[dict[str, Any]] = []
    stopped = threading.Event()

    def ask(name: str) -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            turn = {"conversation": f"conversation-{name}", "turn": f"turn-{number:05}"}
            asked = {"question": f"Who is S. Jaishankar, {number}?", **turn}
            kept.append({**asked, "told": server.ask(**asked)["message"]})

    threads = [threading.Thread(target=ask, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    while len(kept) < 30:
        threads[0].join(0.05)
    before = list(kept)
    made = newsstand(tmp_path, "backup", "saved.zip")
    stopped.set()
    for thread in threads:
        thread.join()
    assert made.returncode == 0, made.stderr
    refused = newsstand(tmp_path, "restore", "saved.zip")
    assert refused.returncode == 1 and "Stop it first" in refused.stderr
    server.stop()

    elsewhere = {"NEWSSTAND_DATA_DIR": str(tmp_path / "elsewhere")}
    restored = newsstand(tmp_path, "restore", "saved.zip", **elsewhere)
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout == "3 conversations restored.\n"
    assert (tmp_path / "elsewhere" / "secret_key").read_bytes() == (tmp_path / "var" / "secret_key").read_bytes()
    again = start(**elsewhere).wait()
    for turn in before:
        told = again.ask(**{name: turn[name] for name in ("question", "conversation", "turn")})
        assert told["saved"] is True and told["message"] == turn["told"]
    # It brought back what was kept and answered nothing anew.
    metrics = again.get("/metrics").decode()
    assert f'newsstand_questions_total{{outcome="repeated"}} {len(before)}.0' in metrics
    assert again.stop()[0] == 0
