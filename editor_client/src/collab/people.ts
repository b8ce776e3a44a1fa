/**
 * Who is in the draft, from awareness: one entry per person, however many tabs.
 *
 * Why: the server writes `user` into every state, so identity can be trusted; what else
 * a state holds cannot. It must never show a state without an identity as a person.
 */
import { safeCursor } from "./cursor";
import type { FollowTarget, Person, UserIdentity } from "./types";

export type States = ReadonlyMap<number, Readonly<Record<string, unknown>>>;

/** Only what can be a colour reaches a style attribute. */
const COLOUR = /^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([\d\s.,%/]+\))$/i;

/** The person themself first, the others by name; their newest tab first. */
export function peopleOf(
  states: States,
  self: UserIdentity,
  lastActive: (clientId: number) => number,
): Person[] {
  const tabs = new Map<string, { user: UserIdentity; clientIds: number[] }>();
  tabs.set(self.id, { user: self, clientIds: [] });
  for (const [clientId, state] of states) {
    const user = identity(state["user"]);
    if (user === null) continue;
    const known = tabs.get(user.id);
    if (known === undefined) tabs.set(user.id, { user, clientIds: [clientId] });
    else known.clientIds.push(clientId);
  }
  const people = [...tabs.values()].map(({ user, clientIds }) => ({
    ...user,
    self: user.id === self.id,
    clientIds: clientIds.sort((a, b) => lastActive(b) - lastActive(a)),
  }));
  return people.sort(
    (a, b) => Number(b.self) - Number(a.self) || a.name.localeCompare(b.name, "vi"),
  );
}

/** Where a person is now: their most recently active tab that has a caret. */
export function targetOf(
  person: Person | undefined,
  states: States,
  ownClientId: number,
): FollowTarget | null {
  if (person === undefined) return null;
  const others = person.clientIds.filter((id) => id !== ownClientId);
  const clientId = others.find((id) => cursorOf(states.get(id)) !== null) ?? others[0];
  if (clientId === undefined) return null;
  const state = states.get(clientId);
  const viewing = state?.["viewing"] ?? null;
  return { personId: person.id, clientId, cursor: cursorOf(state), viewing };
}

function cursorOf(state: Readonly<Record<string, unknown>> | undefined): FollowTarget["cursor"] {
  return safeCursor(state?.["cursor"]);
}

function identity(value: unknown): UserIdentity | null {
  if (typeof value !== "object" || value === null) return null;
  const { id, name, unit, colour } = value as Record<string, unknown>;
  if (typeof id !== "string" || typeof name !== "string" || id === "") return null;
  return {
    id,
    name,
    unit: typeof unit === "string" ? unit : "",
    colour: typeof colour === "string" && COLOUR.test(colour) ? colour : "#667382",
  };
}
