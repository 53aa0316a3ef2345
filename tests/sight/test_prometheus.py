"""The counts as Prometheus scrapes them, over sockets.

Here: names, labels and totals in both formats, of one process. Not here: several processes
(`test_processes.py`), what is counted (`test_counts.py`).
Spec: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from corsac import Policy
from corsac.sight.prometheus import CORSCollector
from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from requesting import EVIL, GOOD, make_policy, preflight
from scraping import OPENMETRICS, TEXT, families, samples, scrape

HELP = "Requests decided by a named CORS policy."


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Prometheus-client's own server, with our collector alone."""
    registry = CollectorRegistry()
    CORSCollector(registry=registry)
    server, thread = start_http_server(0, "127.0.0.1", registry)
    yield f"http://127.0.0.1:{server.server_port}/metrics"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("accept", [TEXT, OPENMETRICS])
def test_a_scrape_says_what_was_counted(url: str, accept: str) -> None:
    """In both formats, and read by their own parsers."""
    policy = make_policy(shadow=Policy(allow_origins=[EVIL]))
    for lines in ([], [("Origin", GOOD)], [("Origin", EVIL)], [("Origin", EVIL)]):
        policy.decide("GET", lines)
    policy.decide("OPTIONS", preflight(GOOD, "DELETE"))

    kind, text = scrape(url, accept)

    assert kind.startswith(accept.split(";")[0])
    found = families(text, accept is OPENMETRICS)
    requests, flips = found["corsac_requests"], found["corsac_shadow_flips"]
    assert ("counter", HELP) == (requests.type, requests.documentation)
    assert {sample.name for sample in requests.samples} == {"corsac_requests_total"}
    assert samples(requests, str(policy.name)) == {
        frozenset({"outcome=no_origin"}): 1,
        frozenset({"outcome=actual_allowed"}): 1,
        frozenset({"outcome=actual_refused", "refusal=origin"}): 2,
        frozenset({"outcome=preflight_refused", "refusal=method"}): 1,
    }
    assert samples(flips, str(policy.name)) == {
        frozenset(
            {
                "outcome=actual_allowed",
                "shadow_outcome=actual_refused",
                "shadow_refusal=origin",
            }
        ): 1,
        frozenset(
            {
                "outcome=actual_refused",
                "refusal=origin",
                "shadow_outcome=actual_allowed",
            }
        ): 2,
        frozenset(
            {
                "outcome=preflight_refused",
                "refusal=method",
                "shadow_outcome=preflight_refused",
                "shadow_refusal=origin",
            }
        ): 1,
    }


def test_a_policy_has_its_series_before_its_first_request(url: str) -> None:
    """Or the first request of a refusal would be no increase."""
    policy = make_policy()

    requests = families(scrape(url)[1])["corsac_requests"]

    mine = [s for s in requests.samples if s.labels["policy"] == policy.name]
    assert (7, {0.0}) == (len(mine), {sample.value for sample in mine})
    for sample in mine:
        assert ["outcome", "policy", "refusal"] == sorted(sample.labels)


def test_a_registry_has_one_collector() -> None:
    """Or each request would be there twice; one that is taken out can be put in again."""
    registry = CollectorRegistry()
    collector = CORSCollector(registry)
    with pytest.raises(ValueError, match="corsac_requests"):
        CORSCollector(registry)

    registry.unregister(collector)

    assert b"" == generate_latest(registry).strip()
    CORSCollector(registry)
    assert b"corsac_requests_total{" in generate_latest(registry)


def test_a_collector_may_have_no_registry() -> None:
    """Whoever collects by hand asks it itself."""
    names = [family.name for family in CORSCollector(registry=None).collect()]

    assert ["corsac_requests", "corsac_shadow_flips"] == names


MISSING = """
import sys
sys.modules["{package}"] = None
import corsac.sight
try:
    import corsac.sight.{module}
except ImportError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("module", "package"),
    [("prometheus", "prometheus_client"), ("opentelemetry", "opentelemetry")],
)
def test_a_package_that_is_missing_is_named(module: str, package: str) -> None:
    """With the command that installs it; all else of the room needs none."""
    code = MISSING.format(module=module, package=package)
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert f"pip install 'corsac[{module}]'" in run.stdout


def test_the_room_imports_no_package() -> None:
    """Neither of the exporters', nor structlog."""
    code = "import corsac.sight, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert not {"prometheus_client", "opentelemetry", "structlog", "httpx"} & set(
        run.stdout.split()
    )
