"""A client for machines without wrk, in a process of its own: ``python -m benchmarks.http.client URL KIND ...``.

It sends what visitors.lua sends and prints the same figures, but takes more of the processor for each request, so that
ratios come out nearer to one: wrk's are the ones to quote.
"""

from __future__ import annotations

import http.client
import json
import secrets
import sys
import threading
import time
from collections import deque
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BROWSER = {
    "Content-Type": "application/x-www-form-urlencoded",
    "HX-Request": "true",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en;q=0.9",
    "Sec-Fetch-Site": "same-origin",
}


class Visitors(threading.Thread):
    """One connection, on which one visitor after the other asks so many questions."""

    def __init__(self, url: str, kind: str, turns: int, questions: deque[str], until: float) -> None:
        super().__init__(daemon=True)
        self.url, self.kind, self.turns, self.until = urlsplit(url), kind, turns, until
        self.questions = questions
        self.took: list[float] = []
        self.failed = 0

    def run(self) -> None:
        """Ask until the time is over."""
        connection = http.client.HTTPConnection(self.url.netloc, timeout=10)
        token = ""
        for number in count():
            if time.monotonic() >= self.until:
                return
            if number % self.turns == 0:
                token = ""
            self.questions.rotate(-1)
            headers, body = self._request(self.questions[0], token)
            began = time.monotonic()
            connection.request("POST", self.url.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            self.took.append(1000 * (time.monotonic() - began))
            self.failed += answer.status != 200
            token = token or self._token(answer, content)

    def _request(self, question: str, token: str) -> tuple[dict[str, str], bytes]:
        turn = secrets.token_hex(16)
        if self.kind == "chat":
            cookie = {"Cookie": token} if token else {}
            return {**BROWSER, **cookie}, f"turn={turn}&conversation=&question={question}".encode()
        known = f', "conversation": {json.dumps(token)}' if token else ""
        body = f'{{"turn": "{turn}"{known}, "question": {question}}}'
        return {"Content-Type": "application/json"}, body.encode()

    def _token(self, answer: http.client.HTTPResponse, content: bytes) -> str:
        if self.kind == "chat":
            return (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return str(json.loads(content)["conversation"]) if self.kind == "api" else ""


def measure(url: str, connections: int, seconds: float, kind: str, turns: int, file: Path) -> dict[str, Any]:
    """Return the figures of one round."""
    questions = file.read_text("utf-8").splitlines()
    began = time.monotonic()
    visitors = [
        Visitors(url, kind, turns, deque(questions[number::connections] or questions), began + seconds)
        for number in range(connections)
    ]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join()
    took = sorted(each for one in visitors for each in one.took)
    return {
        "requests": len(took),
        "seconds": time.monotonic() - began,
        "failed": sum(one.failed for one in visitors),
        "p50_ms": took[len(took) // 2],
        "p99_ms": took[int(0.99 * len(took))],
    }


if __name__ == "__main__":
    _, where, many, long, kind_, turns_, file_ = sys.argv
    print(json.dumps(measure(where, int(many), float(long), kind_, int(turns_), Path(file_))))
