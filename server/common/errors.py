"""The one tree of errors that the application raises on purpose.

    AppError
    ├── InvalidInput        400  what was sent cannot be used; `fields` says where
    ├── SignInRequired      401  nobody is signed in, or the token has ended
    ├── NotFound            404  absent or forbidden: the two look alike on purpose
    ├── NotAllowed          403  the object may be seen, this act may not be done
    ├── Conflict            409  the object is in a state that excludes the act
    ├── TooLarge            413  over a limit; the message names the limit
    ├── TooMany             429  too often from one place; wait a little
    └── Unavailable         503  a part of the system does not answer; try again

Each carries a stable `code` for programs and a message for people, in the language
of the request. One translator turns them into JSON (`server.common.http`), one into
close codes (`server.config`). Nothing else formats errors.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = str | Promise


class AppError(Exception):
    code = "error"
    http_status = 500
    message: Message = _("Đã có lỗi. Hãy thử lại; nếu vẫn lỗi, báo cho quản trị viên.")

    def __init__(
        self,
        message: Message | None = None,
        *,
        code: str | None = None,
        fields: Mapping[str, Message] | None = None,
    ) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        self.fields: Mapping[str, Message] = fields or {}
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(AppError):
    code = "invalid_input"
    http_status = 400
    message = _("Dữ liệu gửi lên chưa hợp lệ.")


class SignInRequired(AppError):
    code = "sign_in_required"
    http_status = 401
    message = _("Bạn cần đăng nhập.")


class NotAllowed(AppError):
    code = "not_allowed"
    http_status = 403
    message = _("Bạn không có quyền làm việc này.")


class NotFound(AppError):
    code = "not_found"
    http_status = 404
    message = _("Không tìm thấy, hoặc bạn không có quyền xem.")


class Conflict(AppError):
    code = "conflict"
    http_status = 409
    message = _("Việc này không làm được ở trạng thái hiện tại.")


class TooLarge(AppError):
    code = "too_large"
    http_status = 413
    message = _("Tệp hoặc nội dung quá lớn.")


class TooMany(AppError):
    code = "too_many"
    http_status = 429
    message = _("Bạn làm việc này quá nhanh. Hãy đợi một phút rồi thử lại.")


class Unavailable(AppError):
    code = "unavailable"
    http_status = 503
    message = _("Hệ thống đang bận. Hãy thử lại sau ít phút.")
