/**
 * Draws what people wrote: plain text with its lines, links and the names it mentions.
 *
 * Everything becomes text nodes; a link is made only for http and https. Must never make
 * markup from words.
 */
import { h } from "../ui/dom";
import type { ThreadPerson } from "./types";

const LINK = /https?:\/\/[^\s<>"“”]+/gi;
/** What ends a sentence is not part of the address. */
const TRAIL = /[.,;:!?)\]}'’]+$/;

export function drawWords(text: string, mentions: readonly ThreadPerson[]): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[0].replace(TRAIL, "");
    nodes.push(...named(text.slice(at, found.index), mentions), linked(address));
    at = found.index + address.length;
  }
  nodes.push(...named(text.slice(at), mentions));
  return nodes;
}

function linked(address: string): Node {
  let href: string;
  try {
    href = new URL(address).href;
  } catch {
    return document.createTextNode(address);
  }
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, address);
}

function named(text: string, mentions: readonly ThreadPerson[]): Node[] {
  const names = mentions.map(({ name }) => `@${name}`).sort((a, b) => b.length - a.length);
  const nodes: Node[] = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(plain));
    plain = "";
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const name = text[at] === "@" ? names.find((each) => rest.startsWith(each)) : undefined;
    if (name) {
      flush();
      nodes.push(h("span", { class: "ed-mention" }, name));
      at += name.length;
    } else {
      plain += text.charAt(at);
      at += 1;
    }
  }
  flush();
  return nodes;
}

/** "09:41" today, else "27/11 09:41", with the year when it is another one. */
export function shortTime(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return clock;
  const day = `${two(at.getDate())}/${two(at.getMonth() + 1)}`;
  return at.getFullYear() === now.getFullYear() ? `${day} ${clock}` : `${day}/${String(at.getFullYear())} ${clock}`;
}

export function fileSize(bytes: number): string {
  return bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${String(Math.max(1, Math.round(bytes / 1000)))} KB`;
}

export function initialOf(name: string): string {
  return name.trim().split(/\s+/).at(-1)?.charAt(0) ?? "?";
}
