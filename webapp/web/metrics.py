"""What a monitoring system asks: ``/metrics`` in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from webapp.web.heartbeats import Heartbeats
from webapp.web.services import Services, services

blueprint = Blueprint("metrics", __name__)


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

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield each figure."""
        yield GaugeMetricFamily(
            "newsstand_documents", "Documents that are served.", value=len(self._about.answerer.corpus.documents)
        )
        yield GaugeMetricFamily(
            "newsstand_document_problems", "Problems found in the documents.", value=len(self._about.problems)
        )
        age = (datetime.now(UTC) - self._about.read_at).total_seconds()
        yield GaugeMetricFamily(
            "newsstand_index_age_seconds", "Seconds since a change of the documents was read.", value=max(0.0, age)
        )
        yield GaugeMetricFamily(
            "newsstand_index_generation", "Counts up when other documents are served.", value=self._about.generation
        )
        seen = GaugeMetricFamily(
            "newsstand_kiosk_last_seen_seconds", "Seconds since a kiosk was last heard of.", labels=["kiosk"]
        )
        for name, silence in Heartbeats(self._about.settings.data_path).ages().items():
            seen.add_metric([name], silence)
        yield seen
