/** The few words that the pages' own scripts say, in both languages. */

const WORDS = {
  vi: {
    cancel: "Hủy",
    proceed: "Tiếp tục",
    close: "Đóng",
    copied: "Đã sao chép",
    failed: "Chưa làm được. Hãy thử lại; nếu vẫn lỗi, báo cho quản trị viên.",
    unreachable: "Không kết nối được với máy chủ. Hãy kiểm tra mạng rồi thử lại.",
  },
  en: {
    cancel: "Cancel",
    proceed: "Continue",
    close: "Close",
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
