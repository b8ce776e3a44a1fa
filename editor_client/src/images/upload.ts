/** Sends one image to the server and gives back its address in the draft. */
import { safeImageSrc } from "../schema/links";

export type UploadProblem = "bad_type" | "too_large" | "failed";

export class UploadFailed extends Error {
  constructor(
    readonly problem: UploadProblem,
    /** The server's own words, when it gave a reason. */
    readonly reason: string | null = null,
  ) {
    super(problem);
  }
}

export const IMAGE_TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

export interface UploadTarget {
  readonly url: string;
  readonly csrf: string;
}

/**
 * Upload `file`; `onProgress` gets 0–100.
 * @throws UploadFailed
 */
export function uploadImage(
  file: File,
  target: UploadTarget,
  onProgress: (percent: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!IMAGE_TYPES.includes(file.type)) {
      reject(new UploadFailed("bad_type"));
      return;
    }
    // fetch() does not report how much has been sent.
    const request = new XMLHttpRequest();
    request.open("POST", target.url);
    request.setRequestHeader("X-CSRFToken", target.csrf);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(Math.round((event.loaded / event.total) * 100));
    };
    request.onerror = () => reject(new UploadFailed("failed"));
    request.ontimeout = () => reject(new UploadFailed("failed"));
    request.onload = () => {
      const answer = request.response as { src?: unknown; message?: unknown } | null;
      const src = safeImageSrc(answer?.src);
      if (request.status < 300 && src) {
        resolve(src);
      } else if (request.status === 413) {
        reject(new UploadFailed("too_large", messageOf(answer)));
      } else {
        reject(new UploadFailed("failed", messageOf(answer)));
      }
    };
    request.timeout = 120_000;
    const form = new FormData();
    form.append("file", file, file.name || "image");
    request.send(form);
  });
}

function messageOf(answer: { message?: unknown } | null): string | null {
  return typeof answer?.message === "string" ? answer.message : null;
}
