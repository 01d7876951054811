"""The program's version, as backups and papers name it; the same as in ``pyproject.toml`` (a test compares)."""

VERSION = "0.1.0"
