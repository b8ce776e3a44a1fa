/** The few words that the pages' own scripts say, in both languages. */

const WORDS = {
  vi: {
    cancel: "Hủy",
    proceed: "Tiếp tục",
    close: "Đóng",
    unsentOne: "Trên máy này còn 1 dự thảo có thay đổi chưa gửi. Mở ra khi có mạng là gửi.",
    unsent: "Trên máy này còn {n} dự thảo có thay đổi chưa gửi. Mở ra khi có mạng là gửi.",
    upgraded: "Trang đã có bản mới, hãy tải lại.",
    reload: "Tải lại trang",
    copied: "Đã sao chép",
    failed: "Chưa làm được. Hãy thử lại; nếu vẫn lỗi, báo cho quản trị viên.",
    unreachable: "Không kết nối được với máy chủ. Hãy kiểm tra mạng rồi thử lại.",
  },
  en: {
    cancel: "Cancel",
    proceed: "Continue",
    close: "Close",
    unsentOne: "1 draft on this computer has changes not sent yet. Open it online to send them.",
    unsent: "{n} drafts on this computer have changes not sent yet. Open them online to send.",
    upgraded: "There is a new version of this page. Please reload it.",
    reload: "Reload the page",
    copied: "Copied",
    failed: "That did not work. Try again; if it persists, tell your administrator.",
    unreachable: "The server cannot be reached. Check the network and try again.",
  },
} as const;

export type Word = keyof (typeof WORDS)["vi"];

/** The word in the language of the page. */
export function word(key: Word): string {
  return WORDS[document.documentElement.lang === "en" ? "en" : "vi"][key];
}
