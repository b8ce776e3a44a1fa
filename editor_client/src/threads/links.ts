/** The address of one thread: to be copied, and to be followed. Must never hold state. */
import type { Translate } from "../i18n";
import type { Toast } from "../ui/toast";

export function copyLink(id: string, t: Translate, toast: Toast): void {
  const link = `${location.origin}${location.pathname}#thread-${id}`;
  // Without a secure address a browser gives no clipboard: then it is shown to be copied.
  const copied = async () => navigator.clipboard.writeText(link);
  copied().then(
    () => toast.show(t("threadLinkCopied"), "success"),
    () => window.prompt(t("threadLink"), link),
  );
}

/** The thread that an address leads to, if it does. */
export function threadOf(hash: string): string | null {
  return /^#thread-([0-9a-f-]{36})$/.exec(hash)?.[1] ?? null;
}
