/**
 * The server's messages beside the document, parsed.
 *
 * They come from our server, yet an older or newer one may say something else: what is
 * not understood is null and ignored. Must never throw.
 */
import { reasonNamed } from "./notices";
import type { Level, RefusalReason } from "./types";

export type ServerMessage =
  | { readonly type: "log"; readonly up: boolean }
  | { readonly type: "access"; readonly level: Level; readonly frozen: boolean }
  | { readonly type: "refused"; readonly reason: RefusalReason }
  | { readonly type: "renamed"; readonly title: string }
  | { readonly type: "threads"; readonly revision: number };

export function parseMessage(payload: string): ServerMessage | null {
  const { type, up, level, frozen, reason, title, revision } = parseObject(payload);
  if (type === "log") return { type, up: up === true };
  if (type === "access" && isLevel(level)) return { type, level, frozen: frozen === true };
  if (type === "refused") return { type, reason: reasonNamed(String(reason)) ?? "read_only" };
  if (type === "renamed" && typeof title === "string") return { type, title };
  if (type === "threads" && typeof revision === "number") return { type, revision };
  return null;
}

function parseObject(payload: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isLevel(value: unknown): value is Level {
  return ["view", "comment", "suggest", "edit", "own"].includes(value as string);
}
