"""The same documents, settings and question give the same reply, whatever the order of hashes and the threads."""

import json
import os
import subprocess
import sys
from pathlib import Path

QUESTIONS = (
    "Which city hosted the meeting?",
    "what areas of coperation were discused",
    "where do they keep the anchor",
    "so who are you",
    "how much did it cost",
)
THINGS = "anchor bell compass globe harpoon kettle lantern map oar quilt rope sextant".split()
SEED = Path(__file__).parents[3] / "seeds" / "000_e9223e5004065d9e.txt"


def test_replies_do_not_depend_on_hashes_or_threads(tmp_path: Path) -> None:
    """Confidence, order, receipt: every byte of a batch is the same."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "article.txt").write_bytes(SEED.read_bytes())
    entries = "\n".join(f"Q: Where is the {thing} kept?\n\nA: In room {n}.\n" for n, thing in enumerate(THINGS))
    (folder / "museum.txt").write_text(
        f"The museum lends and shows.\n\nFAQ:\n\n{entries}\nQ: Who are you?\n\nA: A book.\n"
    )
    batch = tmp_path / "batch.jsonl"
    batch.write_text("".join(json.dumps({"id": q, "q": q, "previous": None}) + "\n" for q in QUESTIONS))
    outputs = set()
    for hashes, threads in (("0", "1"), ("1", "2"), ("77", "1")):
        run = subprocess.run(
            [sys.executable, "-m", "webapp", "ask", "--batch", str(batch), "--seeds", str(folder)],
            env={**os.environ, "PYTHONHASHSEED": hashes, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        )
        replies = [json.loads(line) for line in run.stdout.splitlines()]
        assert len(replies) == len(QUESTIONS)
        for reply in replies:
            reply.pop("took_ms", None)
        outputs.add(json.dumps(replies))
    assert len(outputs) == 1
