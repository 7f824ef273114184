"""Who may import whom: a module imports only modules of its own floor or below."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "assistant"

FLOORS = [
    {"__main__"},
    {"cli"},
    {"mcp_server"},
    {"bench_model"},
    {
        "service", "bench", "bench_retrieval", "bench_web", "bench_widget", "bench_guard", "held_out", "calibration", "decline_plot",
        "local_model", "model_check",
    },
    {"answering"},
    {"build", "apart"},
    {"scripted"},
    {"web", "evaluate", "side_by_side"},
    {"results"},
    {"spending"},
    {"batch"},
    {"sites"},
    {"handoff"},
    {"engine"},
    {"inquiry"},
    {"outcomes"},
    {"agent", "fallback"},
    {"rewriting", "one_call"},
    {"composer", "remembering", "toolbox", "briefing", "worded"},
    {"computed", "quoted"},
    {"telling"},
    {"recounting"},
    {"deciding", "picking", "asking", "quoting", "owned", "drafting", "gathering", "offering", "gaps", "elsewhere"},
    {"ladder"},
    {"grounding"},
    {"comparing", "citing", "findings", "reading", "lookups"},
    {"candidates"},
    {"metric_reading"},
    {"goals", "scoring", "carrying", "several", "labelled", "counted_cases", "each", "earlier", "another"},
    {"filling"},
    {"corrections"},
    {"changing", "scaling", "repriced", "amended_lists", "amendments", "counting", "grouping", "implied", "date_inputs"},
    {"roles"},
    {"outside", "glossary"},
    {"arguments"},
    {"solving", "choices", "assignment", "rows", "mentions", "phrases", "again", "wanted", "person", "screening"},
    {"shelf"},
    {"passages"},
    {"listening", "breaker", "budget"},
    {"search", "store", "paper"},
    {"index"},
    {"generation"},
    {"lexical", "voting"},
    {"guard", "models"},
    {"embedding", "settings", "wire", "tokens", "evidence", "chat_spans", "call_end", "pieces", "coalescing"},
    {"doubts", "labels"},
    {"answer"},
    {"understanding", "check", "checks", "sheets"},
    {"library"},
    {"guides"},
    {"metrics"},
    {"review", "judgements", "topics", "sources"},
    {"rules", "tables", "files"},
    {"boundaries", "vocabulary", "strangers"},
    {"schema", "validity"},
    {"contexts", "claims", "judged", "named", "turns"},
    {"wording", "figures", "stated", "prompts"},
    {"blanks", "lists"},
    {"days"},
    {"intake"},
    {"units", "numerals", "emphasis", "neutral", "privacy", "promises", "sentences", "thinking", "tracing", "blocks", "unread"},
    {"errors"},
]
HOMES = {
    "chromadb": {"generation"},
    "bm25s": {"lexical"},
    "sentence_transformers": {"embedding"},
    "torch": {"embedding"},
    "onnxruntime": {"embedding"},
    "gradio": {"web"},
    "fastapi": {"web"},
    "limits": {"web"},
    "prometheus_client": {"web"},
    "jwt": {"tokens"},
    "uvicorn": {"service", "mcp_server"},
    "mcp": {"mcp_server"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "threadpoolctl": {"voting"},
    "typer": {"cli"},
    "httpx": {"handoff", "models", "coalescing"},
    "langchain": {"agent", "models"},
    "langchain_core": {"agent", "models", "chat_spans", "call_end"},
    "argon2": {"handoff"},
    "jinja2": {"web"},
    "pypinyin": {"mentions"},
    "scipy": {"assignment"},
    "docx": {"paper", "intake"},
    "lxml": {"intake"},
    "openpyxl": {"intake"},
    "pypdfium2": {"intake"},
    "rjieba": {"intake"},
    "opentelemetry": {"tracing", "spending"},
}
HEAVY = {
    "chromadb", "bm25s", "sentence_transformers", "torch", "onnxruntime", "gradio", "scipy", "pypinyin", "sqlalchemy",
    "docx", "lxml", "openpyxl", "pypdfium2", "rjieba", "mcp", "httpx", "argon2", "jinja2", "limits", "langchain", "langchain_core", "langgraph",
    "opentelemetry",
}


def floor(module: str) -> int:
    return next((number for number, rooms in enumerate(FLOORS) if module in rooms), -1)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def files() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py" or path.parent != PACKAGE]


def imports(path: Path) -> list[tuple[str, int]]:
    """(module, column) of every import; column 0 is at import time."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.col_offset) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, node.col_offset))
    return found


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path: Path) -> None:
    own = floor(room(path))
    assert own >= 0, f"{path.name} is on no floor: give it one in this test and in docs/architecture.md"
    for module, _ in imports(path):
        if module.startswith("assistant."):
            other = module.split(".")[1]
            if other == room(path):
                continue
            assert floor(other) >= own, f"{path.name} imports {module}, which stands above it"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_third_parties_stay_at_home(path: Path) -> None:
    for module, _ in imports(path):
        homes = HOMES.get(module.split(".")[0])
        assert homes is None or room(path) in homes, f"{path.name} imports {module}, whose home is {homes}"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_heavy_loads_at_import(path: Path) -> None:
    if room(path) in ("web", "store", "mcp_server", "agent", "models", "coalescing", "chat_spans", "call_end", "model_check"):
        return  # imported late themselves: by build and cli, inside functions
    for module, column in imports(path):
        assert column > 0 or module.split(".")[0] not in HEAVY, f"{path.name} imports {module} at import time"


def test_every_floor_is_inhabited() -> None:
    rooms = {room(path) for path in files()}
    assert {name for names in FLOORS for name in names} == rooms
