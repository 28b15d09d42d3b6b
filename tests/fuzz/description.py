"""Sends what the API's own description allows, and what it forbids, through every check of schemathesis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import schemathesis
from flask import Flask
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

DESCRIPTION = "/api/v1/openapi.json"
ASK = "/api/v1/ask"


@dataclass
class Findings:
    """What came of it."""

    requests: Counter[str] = field(default_factory=Counter)
    """How many were sent, by phase."""
    checks: Counter[str] = field(default_factory=Counter)
    """How often each check looked at a response."""
    failures: list[str] = field(default_factory=list)
    server_errors: int = 0


def examine(app: Flask, *, examples: int, seed: int | None = None) -> Findings:
    """Send `examples` of each kind to every operation of `app`, then in sequences of operations."""
    config = SchemathesisConfig(
        seed=seed,
        projects=ProjectsConfig(
            default=ProjectConfig(
                # What reads the responses of a WSGI application does not unpack them.
                headers={"Accept-Encoding": "identity"},
                generation=GenerationConfig(max_examples=examples, database="none"),
                continue_on_failure=True,
            )
        ),
    )
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, app, config=config)
    schema.hook(filter_failure)
    found = Findings()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(found, event.phase.value, event.recorder)
        elif isinstance(event, events.NonFatalError):
            found.failures.append(f"{event.label}: {event.info}")
        elif isinstance(event, events.FatalError):
            found.failures.append(repr(event.exception))
    return found


def filter_failure(
    context: schemathesis.HookContext,
    failure: Exception,
    case: schemathesis.Case,
    response: schemathesis.Response,
) -> bool:
    """Keep every failure but one: an id of a turn that stands for another question, which no schema can say."""
    if case.path != ASK or response.status_code != 422:
        return True
    error = response.json()["error"]
    return not (error["field"] == "turn" and "already stands for another question" in error["message"])


def _note(found: Findings, phase: str, recorder: ScenarioRecorder) -> None:
    answered = [one.response for one in recorder.interactions.values() if one.response is not None]
    found.requests[phase] += len(answered)
    found.server_errors += sum(response.status_code >= 500 for response in answered)
    for check, failure in _checked(recorder):
        found.checks[check] += 1
        if failure is not None:
            found.failures.append(failure)


def _checked(recorder: ScenarioRecorder) -> Iterator[tuple[str, str | None]]:
    for checks in recorder.checks.values():
        for check in checks:
            told = check.failure_info
            yield check.name, f"{check.name}: {told.failure.message}\n{told.code_sample}" if told is not None else None
