"""Whose request it is, by host, path and header.

Here: each way with what it takes and what it does not. Not here: what the tenant may.
Spec: https://www.rfc-editor.org/rfc/rfc9110#name-host-and-authority
"""

import pytest
from corsac import Request
from corsac.tenants import by_header, by_host, by_path

#: A way, what it is asked with, and whose request that is.
HOSTS = [
    ("{tenant}.example.com", "acme.example.com", "acme"),
    ("{tenant}.example.com", "ACME.Example.Com", "acme"),
    ("{tenant}.example.com", "acme.example.com:8443", "acme"),
    ("{tenant}.example.com", "acme.example.com.", "acme"),
    ("{tenant}.example.com", "acme.example.com.:80", "acme"),
    ("{tenant}.example.com", "example.com", None),
    ("{tenant}.example.com", ".example.com", None),
    ("{tenant}.example.com", "a.acme.example.com", None),
    ("{tenant}.example.com", "acme.example.com.evil.test", None),
    ("{tenant}.example.com", "acme-example.com", None),
    ("{tenant}.example.com", "", None),
    ("{tenant}.example.com", "[::1]:80", None),
    ("{tenant}.example.com", "127.0.0.1", None),
    ("app-{tenant}.example.com", "app-acme.example.com", "acme"),
    ("app-{tenant}.example.com", "acme.example.com", None),
    ("api.{tenant}.example.com", "api.acme.example.com", "acme"),
    ("a{tenant}a", "a", None),
    ("a{tenant}a", "aa", None),
]
PATHS = [
    ("/tenants/{tenant}", "/tenants/acme", "acme"),
    ("/tenants/{tenant}", "/tenants/acme/items/7", "acme"),
    ("/tenants/{tenant}", "/tenants/Acme Ü", "Acme Ü"),
    ("/tenants/{tenant}", "/tenants/", None),
    ("/tenants/{tenant}", "/tenants//acme", None),
    ("/tenants/{tenant}", "/tenants", None),
    ("/tenants/{tenant}", "/TENANTS/acme", None),
    ("/tenants/{tenant}", "/v1/tenants/acme", None),
    ("/{tenant}/", "/acme/items", "acme"),
    ("/{tenant}", "/", None),
    ("/{tenant}", "*", None),
]
HEADERS = [
    ("X-Tenant", {"x-tenant": "acme"}, "acme"),
    ("x-tenant", {"X-TENANT": "acme"}, "acme"),
    ("X-Tenant", {}, None),
    ("X-Tenant", {"X-Tenants": "acme"}, None),
]


def ask(path="/", **headers):
    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": lines}
    return Request.of_scope(scope)


@pytest.mark.parametrize("pattern, host, tenant", HOSTS)
def test_a_tenant_by_its_host(pattern, host, tenant):
    """One label of it, or a part of one."""
    assert tenant == by_host(pattern)(ask(host=host))


@pytest.mark.parametrize("pattern, path, tenant", PATHS)
def test_a_tenant_by_its_path(pattern, path, tenant):
    """One whole segment."""
    assert tenant == by_path(pattern)(ask(path))


@pytest.mark.parametrize("name, headers, tenant", HEADERS)
def test_a_tenant_by_a_header(name, headers, tenant):
    """Its name in any case."""
    assert tenant == by_header(name)(ask(**headers))


@pytest.mark.parametrize(
    "way, pattern, meant",
    [
        (by_host, "example.com", "{tenant}.example.com"),
        (by_host, "{tenant}.Example.com", "in lower case"),
        (by_host, "{tenant}.example.com:80", "{tenant}.example.com"),
        (by_host, "{tenant}.{tenant}.com", "one {tenant}"),
        (by_host, "https://{tenant}.example.com", "write a host"),
        (by_path, "tenants/{tenant}", 'begins with "/"'),
        (by_path, "/tenants/", "ends with the segment"),
        (by_path, "/tenant-{tenant}", "the segment"),
        (by_path, "/{tenant}/items", "ends with the segment"),
        (by_header, "", "the name of a header"),
        (by_header, "X Tenant", "the name of a header"),
        (by_header, "X-Tenant:", "the name of a header"),
    ],
)
def test_a_pattern_that_says_nothing_is_refused(way, pattern, meant):
    """With what to write."""
    with pytest.raises(ValueError) as raised:
        way(pattern)
    assert meant in str(raised.value)
