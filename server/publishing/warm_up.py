"""Make one small letter in both formats, so that the first person does not wait for it.

The first PDF of a process reads the fonts and compiles the layout, the first .docx
reads its template; later ones find all that done. What is made here is thrown away.
"""

from __future__ import annotations

import logging
import threading
import time

from collab.content.tree import Content, Fields, Paragraph, Run
from server.publishing.docx_export import to_docx
from server.publishing.pdf_export import to_signable_pdf

log = logging.getLogger(__name__)

_LETTER = Content(
    Fields(
        document_type="CV",
        issuer="VĂN PHÒNG",
        place="Đắk Lắk",
        subject="khởi động",
        addressees="Các đơn vị",
        recipients="- Như trên;\n- Lưu: VT.",
        signer_position="CHÁNH VĂN PHÒNG",
        signer_name="Nguyễn Văn An",
    ),
    (Paragraph((Run("Nội dung."),)),),
)


def warm_up() -> None:
    """Takes two to three seconds of one core. Raises nothing: it is only a favour."""
    begun = time.monotonic()
    try:
        to_signable_pdf(_LETTER, _no_image, verify_url="https://localhost/")
        to_docx(_LETTER, _no_image)
    except Exception:
        # A process that ends (its port is taken) clears away the folder of the pages.
        if threading.main_thread().is_alive():
            log.exception("the first pages could not be made")
    else:
        log.info("the first pages are made, %.1f s", time.monotonic() - begun)


def warm_up_soon() -> threading.Thread:
    """The same on a thread of its own, which does not keep the process alive."""
    thread = threading.Thread(target=warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread


def _no_image(src: str) -> bytes | None:
    return None
