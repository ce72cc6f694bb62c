// The change with which a rollout begins: what a person typed, and how it is saved.
import type { Schemas } from "../../../../client/api.d.ts";
import { api, readTagged, unlessChanged } from "../../api/api.ts";
import { readBytes } from "../../api/files.ts";

export const whats = ["set", "profile", "declaration", "policy"] as const;
export const kinds = ["profiles", "declarations"] as const;

export type Change = {
  what: (typeof whats)[number];
  set: string;
  how: "add" | "remove";
  kind: (typeof kinds)[number];
  member: string;
  profile: string;
  declaration: string;
  /** The new version of the declaration. */
  text: string;
  plan: string;
};

/** The id of the rollout that begins with it; null: it concerns no device. An update policy is changed on its own page. */
export function saveChange(change: Change, file: File | undefined): Promise<string | null> {
  switch (change.what) {
    case "set":
      return changeSet(change);
    case "profile":
      return saveVersion(change, file);
    case "declaration":
      return saveDeclaration(change);
    case "policy":
      return Promise.resolve(null);
  }
}

/** The set with one member more or less; everything else as it was read. The id of the rollout, or null. */
async function changeSet({ set: name, how, kind, member, plan }: Change): Promise<string | null> {
  const { value, tag } = await readTagged("/sets/{name}", { path: { name } });
  const { description, profiles, declarations, apps, optional, filter, activate, predicate, device_name } =
    value;
  const before = value[kind];
  const body: Schemas["NewSet"] = {
    ...{ description, profiles, declarations, apps, optional, filter, activate, predicate, device_name },
    [kind]: how === "add" ? [...before, member] : before.filter((one) => one !== member),
    rollout: plan,
  };
  const saved = await api.put("/sets/{name}", { path: { name }, body, ...unlessChanged(tag) });
  return saved.rollout;
}

async function saveVersion(
  { profile: identifier, plan }: Change,
  file: File | undefined,
): Promise<string | null> {
  const bytes = file === undefined ? new Uint8Array() : await readBytes(file);
  const body = { type: "application/octet-stream", bytes } as const;
  const order = { path: { identifier }, query: { rollout: plan }, body };
  return (await api.put("/profiles/{identifier}", order)).rollout;
}

/** The declaration as it is, to be changed. */
export async function textOf(identifier: string): Promise<string> {
  const { type, payload } = await api.get("/declarations/{identifier}", { path: { identifier } });
  return JSON.stringify({ Type: type, Payload: payload }, null, 2);
}

export function objectIn(text: string): Schemas["NewDeclaration"] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Schemas["NewDeclaration"])
      : undefined;
  } catch {
    return undefined;
  }
}

async function saveDeclaration({ declaration: identifier, text, plan }: Change): Promise<string | null> {
  const body = objectIn(text);
  if (body === undefined) return null;
  const order = { path: { identifier }, query: { rollout: plan }, body };
  return (await api.put("/declarations/{identifier}", order)).rollout;
}
