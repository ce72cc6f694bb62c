import type { Settings } from "../admin/setting-entries.ts";
import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { type DeclarationRow, findDeclarations } from "../db/declarations.ts";
import { readStanding } from "../db/desired-state.ts";
import { openDb } from "../db/open.ts";
import { keyOfUse, newestOfUses, type UseCertificate } from "../db/use-certificates.ts";
import { variableFacts } from "../db/variable-facts.ts";
import { certificateUse, type Payload } from "../declarations/server-filled.ts";
import { presentDocument, serveDocument } from "../enrollment/uses/offer.ts";
import { offerOf, type UseOffer } from "../enrollment/uses/terms.ts";
import type { VariableFacts } from "../mdm/variables.ts";
import type { DeclaredFor } from "./deliver-profile.ts";
import type { FileFacts } from "./filled-file.ts";
import type { Missing } from "./render-declaration.ts";
import { withShelfUrl } from "./shelf-link.ts";

/** Documents of assets that ask for certificates besides identities, made for one device. */
export type UsePlace = {
  deviceId: string;
  kind: string;
  generation: number;
  origin: string;
  tags: readonly string[];
  settings: Settings;
};

const contentType = "application/json";

/** For each of these assets of a channel, by its identifier. */
export async function useDocumentsFor(
  env: Env,
  rows: readonly DeclarationRow[],
  place: UsePlace,
  userId: string,
  facts: VariableFacts,
  newest: ReadonlyMap<string, UseCertificate>,
  now: number,
): Promise<Map<string, Result<FileFacts, Missing>>> {
  const asking = rows.filter(({ type, payload }) => certificateUse(type, payload as Payload) !== undefined);
  const made = await Promise.all(
    asking.map(async (row): Promise<[string, Result<FileFacts, Missing>]> => {
      const offer = offerFor(row, place, userId, facts);
      if (!offer.ok) return [row.identifier, offer];
      const known = newest.get(keyOfUse({ declaration: row.identifier, userId }));
      const holder = holderOf(place, facts);
      const { bytes, sha256 } = await presentDocument(env, offer.value, holder, place.origin, known, now);
      return [row.identifier, ok({ sha256, contentType, size: bytes.length })];
    }),
  );
  return new Map(made);
}

/** The document with that hash that one of these declarations refers to; from now on the device can use it. */
export async function findServedDocument(
  env: Env,
  place: Omit<UsePlace, "kind" | "generation" | "tags" | "settings">,
  declared: readonly DeclaredFor[],
  digest: string,
  now: number,
): Promise<{ bytes: Bytes; contentType: string } | undefined> {
  const db = openDb(env.DB);
  const rows = await findDeclarations(
    db,
    declared.map(({ identifier }) => identifier),
  );
  if (!rows.some(({ type, payload }) => certificateUse(type, payload as Payload))) return undefined;
  const { loadSettings } = await import("../admin/settings.ts");
  const [{ device, channels, tags, person }, settings] = await Promise.all([
    readStanding(db, place.deviceId),
    loadSettings(env, now),
  ]);
  if (!device) return undefined;
  const { kind, generation } = device;
  const newest = await newestOfUses(db, place.deviceId, generation);
  for (const { userId, identifier } of declared) {
    const row = rows.find((one) => one.identifier === identifier);
    if (!row || certificateUse(row.type, row.payload as Payload) === undefined) continue;
    const facts = await withShelfUrl(
      env,
      place.origin,
      { deviceId: place.deviceId, userId },
      device,
      variableFacts(device, userId === "" ? undefined : { userId, channels }, person),
    );
    const whole = { ...place, kind, generation, tags, settings };
    const offer = offerFor(row, whole, userId, facts);
    if (!offer.ok) continue;
    const known = newest.get(keyOfUse({ declaration: identifier, userId }));
    const holder = holderOf(whole, facts);
    const bytes = await serveDocument(env, offer.value, holder, place.origin, known, digest, now);
    if (bytes) return { bytes, contentType };
  }
  return undefined;
}

function offerFor(
  { type, identifier, payload }: DeclarationRow,
  { generation, tags, settings }: UsePlace,
  userId: string,
  facts: VariableFacts,
): Result<UseOffer, Missing> {
  const name = certificateUse(type, payload as Payload);
  const policy = settings.certificate_uses.find((use) => use.name === name);
  if (!policy) return refuse({ missing: [`use:${name}`] });
  if (policy.tags !== null && !policy.tags.some((tag) => tags.includes(tag)))
    return refuse({ missing: [`tag:${policy.tags.join("|")}`] });
  const holder = { declaration: identifier, userId, generation };
  return offerOf(policy, holder, facts, settings.organization);
}

const holderOf = ({ deviceId, kind }: UsePlace, { device }: VariableFacts) => ({
  deviceId,
  kind,
  serial: device.serial_number ?? undefined,
});
