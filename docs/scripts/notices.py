"""Write NOTICE: every library that ships, its version and licence, and the licence texts in full.

    python docs/scripts/notices.py

Follows the dependencies of ``pyproject.toml`` (without the development extra) through the installed packages.
"""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAD = """Qinghe 青禾
Licensed under the Apache License, Version 2.0 (see LICENSE).

The program ships the following works of others, each under its own licence. The Qt libraries (PySide6,
shiboken6) and psycopg are used under the GNU Lesser General Public License, version 3: their files lie
unchanged beside the program and may be replaced by modified versions; their source is published by
The Qt Company and by the psycopg team. The licences of the shipped fonts and icons lie beside them in
resources/fonts and resources/icons; the sources of the reference tables in resources/reference/README.md.
"""


def shipped() -> dict[str, metadata.Distribution]:
    """Return every installed distribution that the program needs at run time."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, found = list(project["dependencies"]), {}
    while waiting:
        requirement = waiting.pop()
        if "extra ==" in requirement and "psycopg-binary" not in requirement or "win32" in requirement:
            continue
        name = re.match(r"[A-Za-z0-9._-]+", requirement).group(0).lower().replace("_", "-")
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        waiting.extend(found[name].requires or [])
    return dict(sorted(found.items()))


def licence_of(distribution: metadata.Distribution) -> str:
    """Return the licence as the package itself states it."""
    about = distribution.metadata
    stated = about.get("License-Expression") or ""
    classifiers = [
        each.split("::")[-1].strip() for each in about.get_all("Classifier") or [] if each.startswith("License")
    ]
    short = (about.get("License") or "").splitlines()
    return stated or ", ".join(classifiers) or (short[0] if short else "see the text below")


def texts_of(distribution: metadata.Distribution) -> list[str]:
    """Return the licence and notice texts that a package carries."""
    names = re.compile(r"(licen[cs]e|copying|notice|copyright)[^/]*$", re.IGNORECASE)
    files = [
        each for each in distribution.files or [] if names.search(str(each)) and not str(each).endswith((".py", ".pyc"))
    ]
    return [
        each.locate().read_text(encoding="utf-8", errors="replace").strip() for each in files if each.locate().is_file()
    ]


def main() -> None:
    """Write the file."""
    packages = shipped()
    lines = [HEAD, *(f"  {name} {each.version} — {licence_of(each)}" for name, each in packages.items()), ""]
    seen: set[str] = set()
    for name, each in packages.items():
        for text in texts_of(each):
            if text not in seen:
                seen.add(text)
                lines += ["=" * 100, f"{name} {each.version}", "=" * 100, text, ""]
    (ROOT / "NOTICE").write_text("\n".join(lines), encoding="utf-8")
    print(f"NOTICE: {len(packages)} packages, {len(seen)} texts")


if __name__ == "__main__":
    main()
