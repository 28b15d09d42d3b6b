"""What a monitoring system asks: ``/metrics`` in the text format of Prometheus."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, Flask, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from webapp.tally import BUCKETS, METRICS, Counter, Gauge, Histogram, Metric, Tally
from webapp.web.heartbeats import Heartbeats
from webapp.web.services import Services, services

blueprint = Blueprint("metrics", __name__)

_BOUNDS = [*map(floatToGoString, BUCKETS), "+Inf"]


def register(app: Flask) -> None:
    """Serve the metrics."""
    app.register_blueprint(blueprint)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give every figure as it is now; whichever worker answers, it is the same."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(services()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    """Figures that are read when they are asked for."""

    def __init__(self, about: Services) -> None:
        self._about = about

    def collect(self) -> Iterable[Family]:
        """Yield each figure."""
        about = self._about
        age = (datetime.now(UTC) - about.read_at).total_seconds()
        for name, help_text, value in (
            ("newsstand_documents", "Documents that are served.", len(about.answerer.corpus.documents)),
            ("newsstand_document_problems", "Problems found in the documents.", len(about.problems)),
            ("newsstand_index_age_seconds", "Seconds since a change of the documents was read.", max(0.0, age)),
            ("newsstand_index_generation", "Counts up when other documents are served.", about.generation),
            ("newsstand_index_bytes", "Size of the index; 0 when it is in memory only.", about.index_bytes),
        ):
            yield GaugeMetricFamily(name, help_text, value=value)
        built = GaugeMetricFamily("newsstand_build_info", "What runs; always 1.", labels=["version", "python"])
        built.add_metric([_version(), platform.python_version()], 1)
        yield built
        for metric in METRICS:
            yield _family(about.tally, metric)
        seen = GaugeMetricFamily(
            "newsstand_kiosk_last_seen_seconds", "Seconds since a kiosk was last heard of.", labels=["kiosk"]
        )
        for name, silence in Heartbeats(about.settings.data_path).ages().items():
            seen.add_metric([name], silence)
        yield seen


def _family(tally: Tally, metric: Metric) -> Family:
    """Return what is counted, as Prometheus takes it."""
    named = [metric.label] if metric.label else []
    family: CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily
    if isinstance(metric, Histogram):
        family = HistogramMetricFamily(metric.name, metric.help, labels=named)
        for label in metric.labels:
            counts, seconds = tally.buckets(metric, label)
            family.add_metric([label] if named else [], list(zip(_BOUNDS, counts, strict=True)), seconds)
        return family
    family = (CounterMetricFamily if isinstance(metric, Counter) else GaugeMetricFamily)(
        metric.name, metric.help, labels=named
    )
    for label in metric.labels:
        if isinstance(metric, Counter | Gauge):
            family.add_metric([label] if named else [], tally.total(metric, label))
    return family


def _version() -> str:
    try:
        return version("newsstand")
    except PackageNotFoundError:
        return "unknown"
