/**
 * A small panel under a button: menus, the table grid, the link form.
 *
 * One is open at a time. Escape and a click elsewhere close it; focus goes back to the
 * button. Placed inside the window on any screen.
 */
import { h } from "./dom";

let closeOpen: (() => void) | null = null;

export interface PopoverOptions {
  readonly label: string;
  readonly className?: string;
  /** Called each time before the panel shows; returns what is in it. */
  readonly content: (close: () => void) => Node;
  /** "menu" for a list of actions (arrow keys move), "dialog" for a form. */
  readonly role?: "menu" | "dialog";
}

/** Makes `button` open a panel. */
export function popover(button: HTMLElement, options: PopoverOptions): void {
  const role = options.role ?? "menu";
  button.setAttribute("aria-haspopup", role);
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-expanded") === "true") closeOpen?.();
    else open(button, role, options);
  });
}

/** Close whatever panel is open. */
export function closePopover(): void {
  closeOpen?.();
}

function open(button: HTMLElement, role: string, options: PopoverOptions): void {
  closeOpen?.();
  const panel = h("div", {
    class: `ed-popover ${options.className ?? ""}`,
    role,
    "aria-label": options.label,
    tabindex: "-1",
  });
  const onPointer = (event: Event) => {
    const target = event.target as Node;
    if (!panel.contains(target) && !button.contains(target)) close();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
      button.focus();
    } else if (role === "menu" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(panel, event.key === "ArrowDown" ? 1 : -1);
    }
  };
  function close(): void {
    panel.remove();
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", onPointer, true);
    window.removeEventListener("resize", close);
    closeOpen = null;
  }
  panel.append(options.content(close));
  panel.addEventListener("keydown", onKey);
  document.body.append(panel);
  place(panel, button);
  button.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", onPointer, true);
  window.addEventListener("resize", close);
  closeOpen = close;
  const first = panel.querySelector<HTMLElement>("input, button:not([disabled]), a[href]");
  (first ?? panel).focus({ preventScroll: true });
}

function place(panel: HTMLElement, button: HTMLElement): void {
  const edge = 8;
  const anchor = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const left = Math.min(anchor.left, window.innerWidth - width - edge);
  const below = anchor.bottom + 4;
  const top = below + height > window.innerHeight - edge ? anchor.top - height - 4 : below;
  panel.style.left = `${Math.max(left, edge)}px`;
  panel.style.top = `${Math.max(top, edge)}px`;
}

function move(panel: HTMLElement, step: number): void {
  const items = Array.from(panel.querySelectorAll<HTMLElement>("button:not([disabled]), a[href]"));
  const index = items.indexOf(document.activeElement as HTMLElement);
  items[(index + step + items.length) % items.length]?.focus();
}
