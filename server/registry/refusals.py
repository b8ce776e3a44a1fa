"""Each refusal of the workflow as an error: one sentence for people, one code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from server.common.errors import AppError, Conflict, InvalidInput, NotAllowed
from server.registry.workflow.table import Refusal


def refused(refusal: Refusal) -> AppError:
    """The error to raise."""
    match refusal:
        case Refusal.WRONG_STATE:
            return Conflict(
                _("Dự thảo không ở bước này nữa. Hãy tải lại trang."),
                code="wrong_state",
            )
        case Refusal.NOT_YOUR_STEP:
            return NotAllowed(_("Bước này thuộc về người khác."), code="not_your_step")
        case Refusal.SEPARATION:
            return NotAllowed(
                _(
                    "Người soạn không duyệt, không kiểm tra dự thảo của mình; người"
                    " duyệt nội dung không kiểm tra thể thức, không cấp số. Cơ quan"
                    " có thể quy định khác."
                ),
                code="separation_of_duties",
            )
        case Refusal.NO_UNIT:
            return Conflict(
                _("Dự thảo không thuộc đơn vị nào nên chưa trình được."),
                code="no_unit",
            )
        case Refusal.NO_SIGNER:
            return Conflict(_("Dự thảo chưa có người ký."), code="no_signer")
        case Refusal.SIGN_OFFS_MISSING:
            return Conflict(
                _("Chưa đủ chữ ký nháy. Hãy chờ những người còn lại."),
                code="sign_offs_missing",
            )
        case Refusal.CONTENT_CHANGED:
            return Conflict(
                _("Nội dung đã thay đổi từ khi bạn xem. Hãy xem lại rồi duyệt."),
                code="content_changed",
            )
        case Refusal.NOT_SIGNED:
            return Conflict(
                _(
                    "Người ký chưa ký số văn bản này, hoặc bản đã ký mang năm khác."
                    " Hãy đề nghị người ký ký số."
                ),
                code="not_signed",
            )
        case Refusal.ALREADY_SIGNED:
            return Conflict(
                _("Văn bản đã được ký, hoặc cơ quan không ký số."), code="signed"
            )
        case Refusal.FORM_FAULTS:
            return Conflict(
                _(
                    "Văn bản còn lỗi thể thức phải sửa. Hãy sửa, hoặc nêu lý do để"
                    " xác nhận dù còn lỗi."
                ),
                code="form_faults",
            )
        case Refusal.SUGGESTIONS_OPEN:
            return Conflict(
                _(
                    "Dự thảo còn đề xuất sửa chưa được đồng ý hay bỏ. Hãy xử lý hết"
                    " trong trang soạn thảo trước khi ký duyệt."
                ),
                code="suggestions_open",
            )
        case Refusal.REASON_MISSING:
            return InvalidInput(
                _("Hãy nêu lý do."), fields={"reason": _("Lý do đang để trống.")}
            )
