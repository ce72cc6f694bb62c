// Status items: https://developer.apple.com/documentation/devicemanagement/statusappmanagedlist and …/statuspackagelist
import type { Json } from "../declarations/canonical-json.ts";
import type { ToldApp } from "./states.ts";

/** What `app.managed.list` or `package.list` says, by the declaration that each entry is of. */
export function toldByDeclaration(list: Json | undefined): Map<string, ToldApp> {
  const told = new Map<string, ToldApp>();
  for (const entry of Array.isArray(list) ? list : []) {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) continue;
    const { identifier, state } = entry;
    const declaration = entry["declaration-identifier"];
    if (typeof identifier !== "string" || typeof declaration !== "string" || typeof state !== "string")
      continue;
    told.set(declaration, {
      identifier: identifier.slice(0, 255),
      state,
      reasons: reasonsIn(entry.reasons),
      version: lineIn(entry["short-version"]) ?? lineIn(entry.version),
      externalVersion: lineIn(entry["external-version-id"]),
      update: lineIn(entry["update-state"]),
      configuration: configurationIn(entry["config-state"]),
    });
  }
  return told;
}

function reasonsIn(reasons: Json | undefined): ToldApp["reasons"] {
  const list = Array.isArray(reasons) ? reasons : [];
  return list.slice(0, 10).flatMap((reason) => {
    if (typeof reason !== "object" || reason === null || Array.isArray(reason)) return [];
    const { code, description } = reason;
    return typeof code === "string" ? [{ code: code.slice(0, 100), description: lineIn(description) }] : [];
  });
}

function configurationIn(state: Json | undefined): string | undefined {
  if (typeof state !== "object" || state === null || Array.isArray(state)) return undefined;
  const app = state["app-config-state"];
  if (typeof app !== "object" || app === null || Array.isArray(app)) return undefined;
  return lineIn(app.state);
}

const lineIn = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value.slice(0, 300) : typeof value === "number" ? String(value) : undefined;
