"""Traces for OpenTelemetry, where the operator wants some: a span for each request, and in it one for each stage.

They go where the standard variables say (``OTEL_EXPORTER_OTLP_ENDPOINT`` and its company), with
``pip install 'newsstand[traces]'``; without them nothing of this is even imported. No span holds a question, an
address or a query.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from webapp import stages
from webapp.logs import request_id
from webapp.settings import Settings, SettingsError

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
SERVICE = "newsstand"
FAULT = 500


@dataclass(slots=True)
class Heard:
    """What happened in one request; hears of its stages and tells them on."""

    onward: stages.Listener | None
    began: int = field(default_factory=time.time_ns)
    """When the request began, in nanoseconds of the wall clock."""
    offset: int = 0
    """Between the wall clock and that of the stages."""
    stages: list[tuple[str, int, int, bool]] = field(default_factory=list)
    """Name, begin and end on the stages' clock, and whether it failed."""

    def __post_init__(self) -> None:
        self.offset = self.began - time.perf_counter_ns()

    def __call__(self, name: str, began: int, ended: int, error: BaseException | None) -> None:
        """Note that a stage has ended."""
        self.stages.append((name, began, ended, error is not None))
        if self.onward is not None:
            self.onward(name, began, ended, error)


def wanted(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether the operator said where traces go."""
    environment = os.environ if environment is None else environment
    disabled = environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not disabled and any(environment.get(name) for name in ENDPOINTS)


def check_installed(_: Settings | None = None) -> None:
    """See that what it takes to trace is there, when that is wanted.

    Raises:
        SettingsError: it is not.
    """
    if not wanted():
        return
    try:
        import opentelemetry.exporter.otlp.proto.http.trace_exporter
        import opentelemetry.sdk.trace  # noqa: F401
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"{error.name} is missing: pip install 'newsstand[traces]', or unset {ENDPOINTS[1]}."
        ) from None


def register(app: Flask, *, behind_proxy: bool) -> None:
    """Trace every request of `app`, when that is wanted; a trace that a proxy began is gone on with.

    Raises:
        SettingsError: what it takes is not installed.
    """
    check_installed()
    if not wanted():
        return

    @app.before_request
    def begin() -> None:
        g.heard = Heard(stages.listener.get())
        stages.listener.set(g.heard)

    @app.after_request
    def end(response: Response) -> Response:
        if "heard" in g:
            _tell(g.heard, response.status_code, _parent() if behind_proxy else None)
        return response


@cache
def provider() -> TracerProvider:
    """Return what sends spans, made in the process that sends them: its thread does not live through a fork."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: SERVICE}
    made = TracerProvider(resource=Resource.create(named))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


def _parent() -> Context:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({name.lower(): value for name, value in request.headers})


def _tell(heard: Heard, status: int, parent: Context | None) -> None:
    from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context

    tracer = provider().get_tracer(SERVICE)
    route = request.url_rule.rule if request.url_rule is not None else ""
    span = tracer.start_span(
        f"{request.method} {route}".strip(),
        context=parent,
        kind=SpanKind.SERVER,
        start_time=heard.began,
        attributes={
            "http.request.method": request.method,
            "http.route": route,
            "http.response.status_code": status,
            "newsstand.request": request_id.get(),
        },
    )
    within = set_span_in_context(span)
    for name, began, ended, failed in heard.stages:
        part = tracer.start_span(name, context=within, start_time=began + heard.offset)
        if failed:
            part.set_status(StatusCode.ERROR)
        part.end(ended + heard.offset)
    if status >= FAULT:
        span.set_status(StatusCode.ERROR)
    span.end()
