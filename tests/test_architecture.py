"""The layers of the house, as sentences that are proved from the code itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("resources", "models", "reports", "ui", "views")


def imports_of(file: Path) -> set[str]:
    """Return every module a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files_of(*parts: str) -> list[Path]:
    """Return the source files of a package (or one file)."""
    place = ROOT.joinpath(*parts)
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def offenders(files: list[Path], *forbidden: str) -> list[str]:
    """Return ``file imports module`` for every import of a forbidden package."""
    return [
        f"{file.relative_to(ROOT)} imports {module}"
        for file in files
        for module in sorted(imports_of(file))
        if any(module == name or module.startswith(name + ".") for name in forbidden)
    ]


def test_resources_know_nothing_of_ours():
    assert offenders(files_of("resources"), "models", "reports", "ui", "views", "PySide6", "sqlalchemy") == []


def test_models_know_no_screen_and_no_paper():
    assert offenders(files_of("models"), "PySide6", "reportlab", "matplotlib", "ui", "views", "reports") == []


def test_reports_know_no_screen():
    assert offenders(files_of("reports"), "PySide6", "ui", "views") == []


def test_furniture_knows_no_room():
    assert offenders(files_of("ui"), "views", "reports") == []


def test_only_models_speak_sqlalchemy():
    assert offenders([*files_of("reports"), *files_of("ui"), *files_of("views")], "sqlalchemy") == []


def test_only_papers_and_the_canvas_speak_matplotlib_and_nobody_speaks_pyplot():
    everyone = [file for room in ROOMS for file in files_of(room)]
    speakers = [file for file in everyone if file.parts[-2:] != ("ui", "figure.py") and "reports" not in file.parts]
    assert offenders(speakers, "matplotlib") == []
    assert offenders(everyone, "matplotlib.pyplot", "pylab") == []


def test_the_machinery_knows_no_area():
    areas = [f"models.{file.stem}" for file in (ROOT / "models").glob("*.py") if file.stem != "__init__"]
    assert offenders(files_of("models", "core"), *areas, "models.scheduling") == []


def test_only_the_machinery_reaches_below_the_session():
    """A bare connection passes by access and audit, so the areas never take one."""
    caught = [
        str(file.relative_to(ROOT))
        for file in files_of("models")
        if "core" not in file.parts and ".connection(" in file.read_text(encoding="utf-8")
    ]
    assert caught == []


HEAVY = ("matplotlib", "ortools", "alembic", "reportlab", "pypinyin", "openpyxl", "xlsxwriter", "psycopg", "argon2",
         "icalendar", "pandas", "numpy", "pikepdf", "pypdfium2", "pyhanko", "pkcs11")  # fmt: skip


@pytest.mark.parametrize("room", ["resources", "models", "ui", "views"])
def test_heavy_libraries_are_imported_where_they_are_first_used(room):
    caught = []
    for file in files_of(room):
        if "migrations" in file.parts:
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            caught += [f"{file.relative_to(ROOT)}: {name}" for name in names if name.split(".")[0] in HEAVY]
    assert caught == []


def test_data_reaches_a_label_only_through_plain_labels():
    """A bare QLabel guesses markup and would paint an image that is named inside a child's name."""
    caught = [
        str(file.relative_to(ROOT))
        for room in ("ui", "views")
        for file in files_of(room)
        if file.name != "text.py" and "QLabel(" in file.read_text(encoding="utf-8")
    ]
    assert caught == []


def test_no_person_text_is_taken_as_markup_on_paper():
    """Every Paragraph is made in one place, which escapes."""
    caught = [
        str(file.relative_to(ROOT))
        for file in files_of("reports")
        if file.name != "blocks.py" and "Paragraph(" in file.read_text(encoding="utf-8")
    ]
    assert caught == []


def test_nothing_of_the_workplace_is_named_in_the_project():
    words = ("/work/", "subagent", "claude", "anthropic")
    caught = []
    for file in [*ROOT.glob("*.*"), *ROOT.glob("docs/**/*.md"), *(each for room in ROOMS for each in files_of(room))]:
        if file.suffix in {".py", ".md", ".toml", ".spec"}:
            text = file.read_text(encoding="utf-8").lower()
            caught += [f"{file.relative_to(ROOT)}: {word}" for word in words if word in text]
    assert caught == []
