"""Metrics for Prometheus. Each label has a closed set of values, such as routes, problems and quotas, and nothing that was sent."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trdpgx.http.connections import REASONS, Connections
from trdpgx.http.record import RequestRecord

if TYPE_CHECKING:
    from trdpgx.service.pool import WorkerPool

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._workers = WorkerCollector()
        registry.register(self._workers)
        self._requests = Counter("trdpgx_requests", "Requests that have ended.", ("method", "route", "status"), registry=registry)
        self._seconds = Histogram("trdpgx_request_seconds", "Seconds of a request.", ("route",), buckets=_SECONDS, registry=registry)
        self._received = Counter("trdpgx_received_bytes", "Bytes of bodies that came in.", ("route",), registry=registry)
        self._sent = Counter("trdpgx_sent_bytes", "Bytes of bodies that went out.", ("route",), registry=registry)
        self._problems = Counter("trdpgx_problems", "Answers that are a problem, by its code.", ("code",), registry=registry)
        self._limited = Counter("trdpgx_limited", "Requests over a quota.", ("quota",), registry=registry)
        self._samples = Counter("trdpgx_samples", "Samples of uploads that were read whole.", registry=registry)
        self._records = Counter("trdpgx_records", "Data records of uploads that were read whole.", registry=registry)
        self.store_failures = Counter(
            "trdpgx_quota_store_failures", "Times that the shared store of quotas did not answer.", registry=registry
        )

    def watch(self, pool: "WorkerPool | None") -> None:
        """Show the state of these workers from now on."""
        self._workers.pool = pool

    def watch_connections(self, connections: Connections) -> None:
        """Show these connections from now on."""
        self._registry.register(ConnectionCollector(connections))

    def count(self, record: RequestRecord, route: str, seconds: float) -> None:
        """Count a request that has ended."""
        self._requests.labels(record.method, route, str(record.status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._received.labels(route).inc(record.received)
        self._sent.labels(route).inc(record.sent)
        if record.problem is not None:
            self._problems.labels(record.problem).inc()
        if record.limit is not None:
            self._limited.labels(record.limit).inc()
        self._samples.inc(record.samples or 0)
        self._records.inc(record.records or 0)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)


class WorkerCollector(Collector):
    """The state of the workers at the time of a request for metrics."""

    def __init__(self) -> None:
        self.pool: WorkerPool | None = None

    def collect(self) -> Iterable[Metric]:
        """Yield the state of the workers, their queue, and which knowledge they have."""
        info = GaugeMetricFamily(
            "trdpgx_knowledge_info",
            "Which program and which knowledge reports are made with.",
            labels=("version", "rules", "rules_digest", "reference", "reference_digest", "evidence_policy"),
        )
        workers = GaugeMetricFamily("trdpgx_workers", "Workers by what they do.", labels=("state",))
        waiting = GaugeMetricFamily("trdpgx_waiting_requests", "Requests that wait for a worker.", labels=("size",))
        ended = CounterMetricFamily("trdpgx_worker_ends", "Workers that have ended and were replaced.", labels=("how",))
        restarts = CounterMetricFamily("trdpgx_supervisor_restarts", "Supervisors that were started again.")
        held = GaugeMetricFamily("trdpgx_held_bytes", "Bytes of uploads that wait for a worker.")
        if self.pool is not None:
            known, state = self.pool.hello.knowledge, self.pool.state()
            names = (known.rules_release, known.rules_digest, known.reference_release, known.reference_digest, known.evidence_policy)
            info.add_metric((version("trdpgx"), *names), 1)
            for name in ("busy", "idle", "starting"):
                workers.add_metric((name,), state[name])
            for size in ("small", "large"):
                waiting.add_metric((size,), state[size])
            for how, count in self.pool.ends.items():
                ended.add_metric((how,), count)
            restarts.add_metric((), self.pool.restarts)
            held.add_metric((), self.pool.held.bytes)
        return (info, workers, waiting, ended, restarts, held)


class ConnectionCollector(Collector):
    """The state of the connections at the time of a request for metrics."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def collect(self) -> Iterable[Metric]:
        """Yield how many there are, and how many were too many."""
        current = self._connections
        given_up = CounterMetricFamily(
            "trdpgx_connections_given_up", "Connections that waited for their client and were closed for another."
        )
        given_up.add_metric((), current.evicted)
        refused = CounterMetricFamily("trdpgx_connections_refused", "Connections that were too many.", labels=("reason",))
        for reason in REASONS:
            refused.add_metric((reason,), current.refused[reason])
        return (GaugeMetricFamily("trdpgx_connections", "Connections that there are.", value=current.count), given_up, refused)


class MetricsApp:
    """An ASGI application that answers with the metrics and nothing else, for a port of its own."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        is_metrics = scope["path"] == "/metrics" and scope["method"] in {"GET", "HEAD"}
        content = self._metrics.text() if is_metrics else b"The metrics are at /metrics.\n"
        kind = MEDIA_TYPE if is_metrics else "text/plain; charset=utf-8"
        answer = Response(content, 200 if is_metrics else 404, {"Content-Type": kind, "X-Content-Type-Options": "nosniff"})
        await answer(scope, receive, send)
