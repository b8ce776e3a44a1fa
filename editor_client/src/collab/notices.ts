/**
 * Why the server refused or left, what it means for the person, and what they can do.
 *
 * Every close code of the server ends here as either "try again" or a reason with words.
 * A notice must say what happened to the text before it says anything else.
 */
import type { Language, Notice, NoticeAction, RefusalReason } from "./types";

/** Close codes after which trying again by itself would be wrong. */
const STOPS: Readonly<Record<number, RefusalReason>> = {
  4400: "malformed",
  4401: "not_authenticated",
  4402: "malformed",
  4403: "foreign_origin",
  4404: "not_available",
  4406: "too_many_connections",
  4407: "too_many_documents",
  4409: "wrong_epoch",
  4410: "outdated_schema",
  4413: "too_large",
  4414: "too_large",
  4450: "rights_ended",
  4452: "read_only",
  4453: "frozen",
  4455: "not_a_suggestion",
  4456: "unlikely_time",
};

/** The same reasons as the server names them (permission denied, refused). */
const NAMES: Readonly<Record<string, RefusalReason>> = {
  malformed_frame: "malformed",
  unknown_message: "malformed",
  not_authenticated: "not_authenticated",
  foreign_origin: "foreign_origin",
  not_available: "not_available",
  too_many_connections: "too_many_connections",
  too_many_documents: "too_many_documents",
  wrong_epoch: "wrong_epoch",
  outdated_schema: "outdated_schema",
  frame_too_large: "too_large",
  document_too_large: "too_large",
  too_large: "too_large",
  rights_ended: "rights_ended",
  read_only: "read_only",
  frozen: "frozen",
  not_a_suggestion: "not_a_suggestion",
  unlikely_time: "unlikely_time",
};

/** The reason to stop for, or null when the connection should be tried again. */
export function reasonOfClose(code: number): RefusalReason | null {
  return STOPS[code] ?? null;
}

export function reasonNamed(name: string): RefusalReason | null {
  return NAMES[name] ?? null;
}

interface Words {
  readonly title: string;
  readonly body: string;
}

interface Entry extends Readonly<Record<Language, Words>> {
  readonly tone: Notice["tone"];
  readonly actions: readonly NoticeAction[];
}

const ENTRIES: Readonly<Record<Notice["code"], Entry>> = {
  frozen: {
    tone: "warning",
    actions: ["download_recovery", "reload_clean"],
    vi: {
      title: "Dự thảo đã được chốt",
      body: "Phần anh/chị vừa gõ không vào dự thảo. Bản sao của phần đó được giữ trên máy này.",
    },
    en: {
      title: "The draft has been frozen",
      body: "What you just typed is not in the draft. A copy of it is kept on this computer.",
    },
  },
  read_only: {
    tone: "warning",
    actions: ["download_recovery", "reload_clean"],
    vi: {
      title: "Anh/chị không còn quyền sửa dự thảo này",
      body: "Phần anh/chị vừa gõ không vào dự thảo. Bản sao của phần đó được giữ trên máy này.",
    },
    en: {
      title: "You may no longer edit this draft",
      body: "What you just typed is not in the draft. A copy of it is kept on this computer.",
    },
  },
  // Of this program's own edits hardly another is refused: it writes suggestions alone.
  not_a_suggestion: {
    tone: "warning",
    actions: ["download_recovery", "reload_clean"],
    vi: {
      title: "Thay đổi vừa rồi của anh/chị chưa vào được dự thảo",
      body: "Thường là do cùng lúc đó có người khác đề xuất hoặc sửa đúng chỗ ấy, nên không đặt được thay đổi này bên cạnh. Từ đó trở đi phần anh/chị làm được giữ trong một bản sao trên máy này. Hãy tải bản sao về, mở bản trên máy chủ rồi đề xuất lại.",
    },
    en: {
      title: "Your last change could not be put into the draft",
      body: "Most likely somebody else suggested or changed something in the same place at the same moment, and yours could not be put beside it. What you did from then on is kept in a copy on this computer. Download the copy, open the server's text, then suggest it again.",
    },
  },
  unlikely_time: {
    tone: "warning",
    actions: ["download_recovery", "reload_clean"],
    vi: {
      title: "Đồng hồ của máy này đang sai",
      body: "Đề xuất vừa rồi ghi thời gian không thể có nên không vào dự thảo. Bản sao được giữ trên máy này; hãy chỉnh lại ngày giờ của máy rồi mở bản trên máy chủ để đề xuất tiếp.",
    },
    en: {
      title: "The clock of this computer is wrong",
      body: "Your last suggestion had a time that cannot be, so it is not in the draft. A copy is kept on this computer; set its date and time, then open the server's version to go on suggesting.",
    },
  },
  wrong_epoch: {
    tone: "warning",
    actions: ["download_recovery", "reload_page"],
    vi: {
      title: "Dự thảo đã được thay bằng một bản khác",
      body: "Trang này đang mở bản cũ. Phần chưa gửi được giữ trên máy này; hãy tải lại trang.",
    },
    en: {
      title: "The draft was replaced by another version",
      body: "This page shows the old one. Unsent text is kept on this computer; reload the page.",
    },
  },
  outdated_schema: {
    tone: "warning",
    actions: ["reload_page", "download_recovery"],
    vi: {
      title: "Phần mềm đã có bản mới",
      body: "Phần chưa gửi được giữ trên máy này và sẽ được gửi sau khi tải lại trang.",
    },
    en: {
      title: "A newer version of the software is in use",
      body: "Unsent text is kept on this computer and will be sent after you reload the page.",
    },
  },
  too_large: {
    tone: "danger",
    actions: ["download_recovery", "reload_clean"],
    vi: {
      title: "Dự thảo đã vượt quá cỡ cho phép",
      body: "Phần vừa thêm không lưu được. Bản sao của phần đó được giữ trên máy này.",
    },
    en: {
      title: "The draft is over its size limit",
      body: "What you just added cannot be saved. A copy of it is kept on this computer.",
    },
  },
  rights_ended: {
    tone: "danger",
    actions: ["download_recovery", "go_to_list"],
    vi: {
      title: "Quyền của anh/chị với dự thảo này đã hết",
      body: "Phần chưa gửi, nếu có, được giữ trên máy này. Hãy liên hệ người chủ trì dự thảo.",
    },
    en: {
      title: "Your access to this draft has ended",
      body: "Unsent text, if any, is kept on this computer. Ask the owner of the draft.",
    },
  },
  not_available: {
    tone: "danger",
    actions: ["download_recovery", "go_to_list"],
    vi: {
      title: "Không mở được dự thảo này",
      body: "Dự thảo không còn, hoặc anh/chị không có quyền. Phần chưa gửi được giữ trên máy này.",
    },
    en: {
      title: "This draft cannot be opened",
      body: "It is gone, or you have no access. Unsent text is kept on this computer.",
    },
  },
  not_authenticated: {
    tone: "warning",
    actions: ["sign_in", "reconnect"],
    vi: {
      title: "Phiên đăng nhập đã hết",
      body: "Phần chưa gửi được giữ trên máy này. Hãy đăng nhập lại để tiếp tục.",
    },
    en: {
      title: "Your session has ended",
      body: "Unsent text is kept on this computer. Sign in again to go on.",
    },
  },
  too_many_connections: {
    tone: "warning",
    actions: ["reconnect"],
    vi: {
      title: "Quá nhiều cửa sổ đang mở",
      body: "Hãy đóng bớt cửa sổ dự thảo rồi thử lại. Phần chưa gửi được giữ trên máy này.",
    },
    en: {
      title: "Too many windows are open",
      body: "Close some draft windows, then try again. Unsent text is kept on this computer.",
    },
  },
  too_many_documents: {
    tone: "warning",
    actions: ["reconnect"],
    vi: {
      title: "Máy chủ đang mở quá nhiều dự thảo",
      body: "Hãy thử lại sau ít phút. Phần chưa gửi được giữ trên máy này.",
    },
    en: {
      title: "The server has too many drafts open",
      body: "Try again in a few minutes. Unsent text is kept on this computer.",
    },
  },
  foreign_origin: {
    tone: "danger",
    actions: ["reconnect"],
    vi: {
      title: "Máy chủ không nhận kết nối từ địa chỉ này",
      body: "Hãy báo quản trị: địa chỉ trang không có trong danh sách cho phép.",
    },
    en: {
      title: "The server does not accept this address",
      body: "Tell the administrator: this page's address is not in the list of allowed ones.",
    },
  },
  malformed: {
    tone: "danger",
    actions: ["reload_page", "download_recovery"],
    vi: {
      title: "Máy chủ không hiểu dữ liệu của trang này",
      body: "Phần chưa gửi được giữ trên máy này. Hãy tải lại trang.",
    },
    en: {
      title: "The server does not understand this page",
      body: "Unsent text is kept on this computer. Reload the page.",
    },
  },
  log_down: {
    tone: "warning",
    actions: [],
    vi: {
      title: "Máy chủ tạm thời chưa lưu được",
      body: "Anh/chị vẫn gõ được; mọi thay đổi sẽ được lưu khi máy chủ trở lại. Xin đừng đóng trang.",
    },
    en: {
      title: "The server cannot store at present",
      body: "You can go on typing; all will be saved when it returns. Please keep this page open.",
    },
  },
  level_changed: {
    tone: "info",
    actions: ["dismiss"],
    vi: { title: "Quyền của anh/chị đã thay đổi", body: "Bây giờ anh/chị chỉ xem được dự thảo này." },
    en: { title: "Your rights have changed", body: "You can now only read this draft." },
  },
  storage_missing: {
    tone: "warning",
    actions: ["dismiss"],
    vi: {
      title: "Trình duyệt này không giữ được bản tạm",
      body: "Khi mất mạng, xin đừng đóng trang: thay đổi chưa gửi chỉ nằm trong trang này.",
    },
    en: {
      title: "This browser cannot keep a local copy",
      body: "While offline, keep this page open: unsent changes exist only in it.",
    },
  },
  recovered: {
    tone: "info",
    actions: ["download_recovery", "discard_recovery"],
    vi: {
      title: "Máy này còn giữ một bản sao chưa vào dự thảo",
      body: "Đó là phần anh/chị đã gõ mà máy chủ không nhận. Hãy tải về nếu còn cần.",
    },
    en: {
      title: "This computer keeps a copy that is not in the draft",
      body: "It is text of yours that the server did not take. Download it if you need it.",
    },
  },
};

/** The banner for a code. A copy that does not exist is not offered for download. */
export function noticeOf(
  code: Notice["code"],
  language: Language,
  options: { hasRecovery: boolean },
): Notice {
  const entry = ENTRIES[code];
  const actions = entry.actions.filter(
    (action) => action !== "download_recovery" || options.hasRecovery,
  );
  return { code, tone: entry.tone, actions, ...entry[language] };
}
