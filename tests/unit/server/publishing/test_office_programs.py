"""Programs of the office's machine: what they are given, and that none runs wild.

With stand-ins that do what a hostile file makes a program do; with the real LibreOffice
and Tesseract where they are installed.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from server.publishing.file_words import ODT, PDF, RTF
from server.registry.models import WhyUnread
from server.registry.search import programs as used
from server.registry.search.programs import Programs
from server.registry.search.reading_apart import FileReader
from server.registry.secrecy import is_mark
from tests.support import programs as stand_ins
from tests.support.attachments import docx_saying
from tests.support.libreoffice import SOFFICE
from tests.support.office_files import fodp_saying, picture_saying, scan_saying
from tests.support.programs import hasty, office, program, recogniser

SENTENCE = "Sở Nội vụ đề nghị rà soát danh mục dịch vụ công trực tuyến toàn trình"
DOC, XLS = "application/msword", "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
TESSERACT = shutil.which("tesseract")


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the programs work; nothing may be left there."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.setattr(used.tempfile, "tempdir", str(place))
    return place


# ── stand-ins ────────────────────────────────────────────────────────────────────


def test_a_page_is_drawn_by_us_and_recognised_by_the_program(
    tmp_path: Path, folders: Path
) -> None:
    reader = FileReader(recogniser(tmp_path, "print('Ha\\u0300nh  chi\\u0301nh\\f')"))
    assert reader.recognises
    assert reader.recognise(PDF, 0, [scan_saying("chữ")]).text == "Hành chính"
    assert list(folders.iterdir()) == []


def test_an_old_file_is_turned_into_a_newer_one_and_read(
    tmp_path: Path, folders: Path
) -> None:
    newer = tmp_path / "newer.docx"
    newer.write_bytes(docx_saying(SENTENCE))
    reader = FileReader(office(tmp_path, f"shutil.copy({str(newer)!r}, made)"))
    assert reader.read(DOC, [b"\xd0\xcf\x11\xe0 whatever"]).text == SENTENCE
    assert list(folders.iterdir()) == []


FAULTS = {
    "endless": (stand_ins.ENDLESS, WhyUnread.TOO_SLOW),
    "busy": (stand_ins.BUSY, WhyUnread.TOO_SLOW),
    "crash": (stand_ins.CRASH, WhyUnread.CRASHED),
    "fail": (stand_ins.FAIL, WhyUnread.CRASHED),
    "flood": (stand_ins.FLOOD, WhyUnread.CRASHED),
    "hungry": (stand_ins.HUNGRY, WhyUnread.CRASHED),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_recogniser_that_runs_wild_is_ended_and_told(
    tmp_path: Path, folders: Path, fault: str
) -> None:
    does, why = FAULTS[fault]
    reader = FileReader(hasty(recogniser(tmp_path, does)), seconds=20)
    said = reader.recognise(PDF, 0, [scan_saying("chữ")])
    assert (said.text, said.why) == (None, why)
    assert list(folders.iterdir()) == []


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_converter_that_runs_wild_is_ended_and_told(
    tmp_path: Path, folders: Path, fault: str
) -> None:
    does, why = FAULTS[fault]
    said = FileReader(hasty(office(tmp_path, does))).read(DOC, [b"x"])
    assert (said.text, said.why) == (None, why)
    assert list(folders.iterdir()) == []


def test_a_converter_that_writes_without_end_is_stopped_by_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(used, "_MOST_FILE_BYTES", 1_000_000)
    does = "with made.open('wb') as f:\n    while True: f.write(b'a' * 65536)\n"
    said = FileReader(office(tmp_path, does)).read(DOC, [b"x"])
    assert (said.text, said.why) == (None, WhyUnread.CRASHED)


def test_a_converter_that_makes_nothing_or_rubbish_says_the_file_is_broken(
    tmp_path: Path,
) -> None:
    for does in ("pass", "made.write_bytes(b'rubbish')"):
        said = FileReader(office(tmp_path, does)).read(DOC, [b"x"])
        assert (said.text, said.why) == (None, WhyUnread.BROKEN)


def test_what_a_program_began_ends_with_it(tmp_path: Path) -> None:
    """LibreOffice begins a second process, and that is the one that works."""
    note = tmp_path / "pid"
    does = (
        "import signal, subprocess\n"
        "waits = [sys.executable, '-c', 'import signal; signal.pause()']\n"
        "child = subprocess.Popen(waits)\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\nsignal.pause()"
    )
    FileReader(hasty(office(tmp_path, does))).read(DOC, [b"x"])
    assert not alive(int(note.read_text()))


def alive(pid: int) -> bool:
    """Gone, or ended and not yet taken note of by whoever adopted it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in ("Z", "X")


def test_a_program_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUTHAO_SECRET_KEY", "bí mật")
    does = "import os\nprint(' '.join(sorted(os.environ)))"
    said = FileReader(recogniser(tmp_path, does)).recognise(
        PDF, 0, [scan_saying("chữ")]
    )
    known = set((said.text or "").split())
    assert known <= {
        *("HOME", "LANG", "LC_CTYPE", "OMP_THREAD_LIMIT", "PATH", "TMPDIR"),
        *("PYTHONDONTWRITEBYTECODE", "TESSDATA_PREFIX"),
    }


def test_a_program_reaches_no_network(tmp_path: Path) -> None:
    can = subprocess.run(
        ["unshare", "--user", "--net", "true"], capture_output=True, check=False
    )
    if can.returncode != 0:
        pytest.skip("this system lets no ordinary account leave its network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        does = (
            "import socket\n"
            f"try:\n    socket.create_connection(('127.0.0.1', {port}), 2)\n"
            "    print('reached')\nexcept OSError:\n    print('alone')"
        )
        reader = FileReader(recogniser(tmp_path, does))
        assert reader.recognise(PDF, 0, [scan_saying("chữ")]).text == "alone"


@pytest.mark.parametrize("languages", ["vie+eng", "fra"])
def test_a_recogniser_without_the_language_is_none(
    tmp_path: Path, languages: str
) -> None:
    named = recogniser(tmp_path, "").recogniser
    assert not FileReader(Programs(recogniser=named, languages=languages)).recognises


def test_without_programs_it_is_told_and_nothing_begins() -> None:
    reader = FileReader(Programs())
    assert not reader.recognises
    assert reader.read(DOC, [b"x"]).why == WhyUnread.NO_PROGRAM


def test_a_program_is_found_by_its_name_or_not_at_all(
    tmp_path: Path, settings: object
) -> None:
    named = program(tmp_path, "other")
    settings.OFFICE_PROGRAM = named  # type: ignore[attr-defined]
    settings.RECOGNISER = "there-is-no-such-program"  # type: ignore[attr-defined]
    found = Programs.of_settings()
    assert (found.office, found.recogniser) == (named, "")
    settings.OFFICE_PROGRAM = "none"  # type: ignore[attr-defined]
    assert Programs.of_settings().office == ""


# ── the real ones ────────────────────────────────────────────────────────────────


def converted(data: bytes, old: str, new: str, folder: Path) -> bytes | None:
    """By LibreOffice as a person would; None when it lacks the part for this kind."""
    source = folder / f"made.{old}"
    source.write_bytes(data)
    home = (folder / "home").as_uri()
    subprocess.run(
        [
            *(str(SOFFICE), f"-env:UserInstallation={home}", "--headless"),
            *("--convert-to", new, "--outdir", str(folder / "out"), str(source)),
        ],
        check=False,
        capture_output=True,
        timeout=200,
    )
    made = folder / "out" / f"made.{new}"
    return made.read_bytes() if made.exists() else None


def workbook() -> bytes:
    book, out = Workbook(), BytesIO()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["C3"] = "Biên chế năm 2026", SENTENCE
    book.save(out)
    return out.getvalue()


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    ("source", "old", "new", "kind"),
    [
        (docx_saying(SENTENCE, "Điều 2"), "docx", "doc", DOC),
        (docx_saying(SENTENCE, "Điều 2"), "docx", "odt", ODT),
        (docx_saying(SENTENCE, "Điều 2"), "docx", "rtf", RTF),
        (workbook(), "xlsx", "xls", XLS),
        (fodp_saying("Chương trình", SENTENCE), "fodp", "ppt", PPT),
    ],
    ids=["doc", "odt", "rtf", "xls", "ppt"],
)
def test_real_old_files_are_read_by_the_real_program(
    tmp_path: Path, source: bytes, old: str, new: str, kind: str
) -> None:
    data = converted(source, old, new, tmp_path)
    if data is None:
        pytest.skip(f"this LibreOffice has no part that writes .{new}")
    said = FileReader(Programs(office=str(SOFFICE))).read(kind, [data])
    assert SENTENCE in (said.text or ""), said


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_the_real_program_makes_no_words_of_rubbish() -> None:
    reader = FileReader(Programs(office=str(SOFFICE)))
    rubbish = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 5_000
    for kind in (DOC, XLS):
        assert reader.read(kind, [rubbish]).text is None


@pytest.fixture
def real_recogniser() -> FileReader:
    reader = FileReader(Programs(recogniser=TESSERACT or ""))
    if not reader.recognises:
        pytest.skip("Tesseract with Vietnamese is not installed")
    return reader


def test_a_real_scan_is_read_by_the_real_program(real_recogniser: FileReader) -> None:
    data = scan_saying(SENTENCE, "Trang hai: hồ sơ số hóa")
    assert real_recogniser.read(PDF, [data]).bare == (0, 1)
    first, second = (real_recogniser.recognise(PDF, n, [data]).text for n in (0, 1))
    assert SENTENCE in " ".join((first or "").split())
    assert "hồ sơ số hóa" in (second or "")


def test_a_real_picture_is_read_by_the_real_program(
    real_recogniser: FileReader,
) -> None:
    data = picture_saying(SENTENCE, "JPEG")
    said = real_recogniser.recognise("image/jpeg", 0, [data])
    assert SENTENCE in " ".join((said.text or "").split())


def test_a_mark_in_print_is_a_line_of_its_own_to_the_real_program(
    real_recogniser: FileReader,
) -> None:
    data = scan_saying(f"SỞ NỘI VỤ\\nSố: 12/SNV\\n\\nTỐI MẬT\\n\\n{SENTENCE}")
    said = real_recogniser.recognise(PDF, 0, [data])
    assert [line for line in said.tops if is_mark(line)] == ["TỐI MẬT"]
