/** What a level lets a person do here. The server decides; this only keeps tools away
 * that would be refused. */
import type { Session } from "./types";

/** The letterhead and what else is no text knows no suggestions. */
export function mayWriteFreely(session: Pick<Session, "canWrite" | "level">): boolean {
  const level = session.level.get();
  return session.canWrite.get() && (level === "edit" || level === "own");
}
