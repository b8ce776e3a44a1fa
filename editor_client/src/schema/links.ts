/**
 * Which addresses a link may have. The text of a draft comes from other people, so every
 * place that makes an <a> asks here first; anything but http(s) and mailto is refused.
 */

/** The address to use, with https:// added to a bare host, or null when not allowed. */
export function safeHref(raw: unknown): string | null {
  if (typeof raw !== "string") return null;
  // Browsers ignore control characters and spaces inside a scheme ("java\nscript:").
  const text = Array.from(raw.trim())
    .filter((c) => c > " " && c !== "\u007f")
    .join("");
  if (text === "") return null;
  if (/^(https?:\/\/|mailto:)/i.test(text)) return isParsable(text) ? text : null;
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(text)) return `mailto:${text}`;
  if (/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(:\d+)?([/?#].*)?$/u.test(text)) {
    return `https://${text}`;
  }
  return null;
}

function isParsable(text: string): boolean {
  return URL.canParse(text);
}

const IMAGE_PATH = /^\/api\/v1\/drafts\/[0-9a-f-]{36}\/images\/[0-9a-f]{64}$/;

/** Images are only ever the product's own files, named by their digest. */
export function safeImageSrc(raw: unknown): string | null {
  return typeof raw === "string" && IMAGE_PATH.test(raw) ? raw : null;
}
