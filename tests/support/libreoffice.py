"""LibreOffice opens .docx files and saves them, all in one go: it is slow to start."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SOFFICE = shutil.which("soffice")


def saved_by_libreoffice(sources: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """By name; a file that it does not open is missing."""
    for name, data in sources.items():
        (folder / f"{name}.docx").write_bytes(data)
    out = folder / "out"
    home = (folder / "home").as_uri()
    subprocess.run(
        [
            str(SOFFICE), f"-env:UserInstallation={home}", "--headless",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(out),
            *(str(folder / f"{name}.docx") for name in sources),
        ],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return {path.stem: path.read_bytes() for path in out.iterdir()}
