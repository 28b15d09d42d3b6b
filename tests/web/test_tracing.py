"""Traces, sent to a collector that listens on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from flask import Flask

from webapp.settings import SettingsError
from webapp.web import tracing

pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="the extra newsstand[traces] is not installed")

SECRET = "Who keeps the unmentionable herring?"


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[Any]]]:
    """Return the spans that a collector got so far; where traces go is said as operators say it."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    got: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    tracing.provider.cache_clear()

    def spans() -> list[Any]:
        tracing.provider().force_flush()
        requests = [ExportTraceServiceRequest.FromString(body) for body in got]
        assert all(SECRET.encode() not in body and b"herring" not in body for body in got)
        resources = [resource for one in requests for resource in one.resource_spans]
        names = {
            tag.value.string_value for one in resources for tag in one.resource.attributes if tag.key == "service.name"
        }
        assert names == {"newsstand"}
        return [span for one in resources for scope in one.scope_spans for span in scope.spans]

    yield spans
    tracing.provider().shutdown()
    tracing.provider.cache_clear()
    server.shutdown()
    server.server_close()


def attributes(span: Any) -> dict[str, Any]:
    """Return a span's attributes."""
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def test_a_request_is_a_span_with_its_stages(
    make_app: Callable[..., Flask], collected: Callable[[], list[Any]]
) -> None:
    """Named by route and method, with what came of it; nothing of what was asked."""
    response = (
        make_app().test_client().post("/chat?q=herring", data={"question": SECRET}, headers={"HX-Request": "true"})
    )
    spans = collected()
    (whole,) = (span for span in spans if not span.parent_span_id)
    assert whole.name == "POST /chat"
    told = attributes(whole)
    assert told["http.route"] == "/chat" and told["http.response.status_code"] == 200
    assert told["newsstand.request"] == response.headers["X-Request-ID"]
    parts = [span for span in spans if span.parent_span_id == whole.span_id]
    assert "render" in {part.name for part in parts}
    for part in parts:
        assert part.trace_id == whole.trace_id
        assert whole.start_time_unix_nano <= part.start_time_unix_nano <= part.end_time_unix_nano
        assert part.end_time_unix_nano <= whole.end_time_unix_nano


def test_a_fault_is_told(make_app: Callable[..., Flask], collected: Callable[[], list[Any]]) -> None:
    """As an error, without its words."""
    make_app().test_client().post("/chat", data={"question": "fail"})
    (whole,) = (span for span in collected() if not span.parent_span_id)
    assert whole.status.code == 2 and "secret detail" not in str(whole)


def test_a_trace_goes_on_behind_a_proxy_only(
    make_app: Callable[..., Flask], collected: Callable[[], list[Any]]
) -> None:
    """What visitors claim to have begun is not believed."""
    begun = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    make_app().test_client().get("/healthz", headers=begun)
    assert collected()[-1].trace_id.hex() != "0af7651916cd43dd8448eb211c80319c"
    make_app(proxies=1).test_client().get("/healthz", headers=begun)
    assert collected()[-1].trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"


def test_nobody_is_traced_unless_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a place without what it takes is told at the start."""
    assert not tracing.wanted({}) and tracing.wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})
    assert not tracing.wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"})
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"newsstand\[traces\]"):
        tracing.register(Flask("x"), behind_proxy=False)
