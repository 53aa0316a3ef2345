"""The rules of the house that a machine can see.

Here: import edges, names that may stand in one file only, lengths, tables.
Not here: anything that a request or a policy does.
"""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import corsac
import pytest
from rows import VECTORS, read

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "python" / "corsac"
#: Each may use only what stands before it.
PYTHON_ORDER = [
    "_core",
    "_requests",
    "_problems",
    "_listed",
    "_names",
    "_origins",
    "_allowed_origins",
    "_options",
    "_policy",
    "_decision",
    "_watch",
    "_headers",
    "_origin_policies",
    "_handle",
    "_policy_map",
    "_sources",
    "_source_policies",
    "_plain_data",
    "adapters",
]
RUST_ORDER = [
    ["grammar"],
    ["error"],
    ["parse"],
    ["matcher", "names", "routes"],
    ["facts"],
    ["python"],
]
FRAMEWORKS = [
    "aiohttp",
    "asyncpg",
    "bottle",
    "channels",
    "daphne",
    "django",
    "engineio",
    "falcon",
    "fastapi",
    "flask",
    "httpcore",
    "httpx",
    "litestar",
    "opentelemetry",
    "prometheus_client",
    "psycopg",
    "pyramid",
    "quart",
    "sanic",
    "socketio",
    "starlette",
    "structlog",
    "tornado",
    "typer",
    "werkzeug",
    "rich",
]
ADAPTERS = sorted((PACKAGE / "adapters").glob("*.py"))
#: What an adapter may use of the engine: what reads a request, decides, and writes an answer.
ENTRIES = {
    "_core",
    "_headers",
    "_plain_data",
    "_policy",
    "_problems",
    "_requests",
    "_source_policies",
    "_sources",
}
CORS_HEADER = re.compile(r"access[-_]control|\bvary\b", re.IGNORECASE)


def imports(path):
    """The names of the package's own files that a file imports when it runs."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.dump(branch.test)
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or id(node) in typing_only:
            continue
        if node.level and node.module:
            yield node.module.split(".")[0]
        elif node.level:
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("stage", PYTHON_ORDER[1:-1])
def test_a_stage_of_the_engine_uses_only_what_stands_before_it(stage):
    """The arrows of the design point one way."""
    before = set(PYTHON_ORDER[: PYTHON_ORDER.index(stage)])
    assert set(imports(PACKAGE / f"{stage}.py")) <= before


@pytest.mark.parametrize("path", ADAPTERS, ids=lambda path: path.stem)
def test_an_adapter_holds_no_header_name_of_the_protocol(path):
    """The engine has an entry for each shape in which servers hand over headers."""
    assert not CORS_HEADER.search(path.read_text())
    assert set(imports(path)) <= ENTRIES | {adapter.stem for adapter in ADAPTERS}
    from_core = re.findall(r"from \.\._core import (.+)", path.read_text())
    plain = re.compile(r"[A-Z]+Middleware|(Answers, )?Exchange")
    assert all(plain.fullmatch(names) for names in from_core)


def test_only_one_file_of_the_engine_spells_a_response_header():
    """The others know outcomes."""
    spelling = re.compile(r"\"Access-Control-(Allow|Expose|Max)|\"Vary\"")
    engine = [PACKAGE / f"{stage}.py" for stage in PYTHON_ORDER[1:-1]]
    found = {path.stem for path in engine if spelling.search(path.read_text())}
    assert {"_headers"} == found


def test_the_core_points_one_way():
    """Each Rust file uses only files of earlier rooms, or of its own."""
    rank = {name: index for index, names in enumerate(RUST_ORDER) for name in names}
    seen = set()
    for path in (ROOT / "src").rglob("*.rs"):
        room = path.relative_to(ROOT / "src").parts[0].removesuffix(".rs")
        if room == "lib":
            continue
        seen.add(room)
        code = re.sub(r"//.*", "", path.read_text())
        for used in re.findall(r"crate::(\w+)", code):
            if used in rank and used != room:
                assert rank[used] < rank[room], (path.name, used)
        if room != "python":
            assert "pyo3" not in code, path.name
    assert set(rank) == seen


def test_importing_corsac_imports_no_framework():
    """Nor what the command line needs."""
    code = "import corsac, sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not set(FRAMEWORKS) & set(run.stdout.split())


def test_the_engine_depends_on_nothing():
    """What is installed beside it comes with an extra."""
    text = (ROOT / "pyproject.toml").read_text()
    assert "\ndependencies = []\n" in text


def code_files():
    return [
        ROOT / name
        for name in subprocess.run(
            ["git", "ls-files", "*.py", "*.pyi", "*.rs", "*.js", "*.css", "*.html"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
    ]


def test_no_file_is_longer_than_400_lines():
    """A longer one holds more than one idea."""
    files = code_files()
    assert len(files) > 40
    lengths = {path: len(path.read_text().splitlines()) for path in files}
    assert not {str(path): n for path, n in lengths.items() if n > 400}


def test_every_file_opens_with_its_charter():
    """What lives here, and what must not."""
    for path in code_files():
        text = path.read_text().removeprefix("#![no_main]\n").lstrip()
        if path.suffix == ".py" and text:
            assert ast.get_docstring(ast.parse(text)), path
        if path.suffix == ".rs":
            assert text.startswith(("//!", "// ")), path


def test_every_exception_to_a_lint_has_its_reason():
    """On the same line, so that it can be judged."""
    exception = re.compile(r"(type: ignore|noqa|#\[allow|#!\[allow)")
    for path in code_files():
        if path.name == Path(__file__).name:
            continue
        for line in path.read_text().splitlines():
            if exception.search(line):
                assert re.search(r"(ignore\[.*\]|noqa: \w+|allow.*\]) .*\w", line), (
                    path,
                    line,
                )


def test_the_public_names_are_those_of_the_readme():
    """One list, in two places that are held together here."""
    (section,) = re.findall(
        r"(?ms)^## Names$(.*?)(?=^## )", (ROOT / "README.md").read_text()
    )
    names = re.findall(r"(?m)^\| `(\w+)", section)
    assert sorted(corsac.__all__) == sorted(names)


@pytest.mark.parametrize("table", sorted(path.name for path in VECTORS.glob("*.json")))
def test_every_row_has_a_name_of_its_own_and_a_link(table):
    """A row that fails is found by its name, and judged by its link."""
    table_rows = read(table)
    names = [row["name"] for row in table_rows]
    assert len(names) == len(set(names)) > 50
    assert all(row["spec"].startswith("https://") for row in table_rows)
    text = (VECTORS / table).read_text()
    assert json.loads(text) and text.count("\n") == len(table_rows) + 2
