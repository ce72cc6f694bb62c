import { type DeclarationRow, isPresent } from "../db/declarations.ts";
import type { Db } from "../db/open.ts";
import { findProfileEntries, type ProfileEntry } from "../db/profiles.ts";
import type { RolloutItem } from "../db/rollouts.ts";
import { setsWithVersion } from "../db/rollouts.ts";
import type { FormerDeclaration, FormerProfile } from "../db/schema/rollouts.ts";
import { type Payload, wrappedProfile } from "../declarations/server-filled.ts";
import { connectivityOf } from "../profiles/connectivity.ts";
import { type AskedPlan, type Begun, type BegunItem, beginRollout } from "./begin.ts";
import { formerVersion } from "./held-back.ts";

/** A new content of a profile or declaration: devices outside the open rings keep the former one. */
type Terms = { by: string; asked: AskedPlan };

const atOnce: Begun = { id: undefined, replaces: false, statements: [] };

/** The batch fails if another request was faster, so that no guard is needed. */
export async function beginProfileVersion(
  env: Env,
  db: Db,
  { before, row }: { before: ProfileEntry | undefined; row: ProfileEntry },
  { by, asked }: Terms,
  now: number,
): Promise<Begun> {
  if (before === undefined) return atOnce;
  const { version, uuid, digest, variables, payloadTypes } = before;
  const former: FormerProfile = { version, uuid, digest, variables, payloadTypes };
  return beginRollout(
    env,
    db,
    {
      ...{ kind: "profile", subject: row.identifier, by, asked },
      isConnectivity: () => connectivityOf([...row.payloadTypes, ...before.payloadTypes]).length > 0,
      items: (replaced) => versionItem("profile", row, former, replaced),
      setNames: () => setsWithVersion(db, "profile", row.identifier),
    },
    now,
  );
}

export async function beginDeclarationVersion(
  env: Env,
  db: Db,
  { before, row }: { before: DeclarationRow | undefined; row: DeclarationRow },
  { by, asked }: Terms,
  now: number,
): Promise<Begun> {
  if (before === undefined) return atOnce;
  const { version, type, kind, payload, dataSha256, variables, serverToken } = before;
  const former: FormerDeclaration = {
    ...{ version, type, kind, payload, dataSha256, variables, digest: serverToken },
  };
  return beginRollout(
    env,
    db,
    {
      ...{ kind: "declaration", subject: row.identifier, by, asked },
      isConnectivity: () => wrapsConnectivity(db, [before, row]),
      items: (replaced) => versionItem("declaration", { ...row, digest: row.serverToken }, former, replaced),
      setNames: () => setsWithVersion(db, "declaration", row.identifier),
      guard: isPresent(row),
    },
    now,
  );
}

/** If it replaces a rollout, devices go on with the version that every device had. */
function versionItem(
  kind: "profile" | "declaration",
  { identifier, version, digest }: { identifier: string; version: number; digest: string },
  before: FormerProfile | FormerDeclaration,
  replaced: readonly RolloutItem[],
): BegunItem[] {
  const earlier = replaced.find((item) => item.kind === kind && item.identifier === identifier);
  const former = (earlier && formerVersion(earlier)) ?? before;
  if (former.digest === digest) return [];
  return [{ kind, identifier, setName: "", change: "version", version, former, policy: null }];
}

async function wrapsConnectivity(
  db: Db,
  rows: readonly Pick<DeclarationRow, "type" | "payload">[],
): Promise<boolean> {
  const wrapped = rows.flatMap(({ type, payload }) => wrappedProfile(type, payload as Payload) ?? []);
  const profiles = wrapped.length > 0 ? await findProfileEntries(db, wrapped) : [];
  return profiles.some(({ payloadTypes }) => connectivityOf(payloadTypes).length > 0);
}
