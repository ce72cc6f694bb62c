import { sha256, toHex, utf8 } from "../base/bytes.ts";
import { findDeclarations } from "../db/declarations.ts";
import { applyTogether } from "../db/directory.ts";
import { type Db, openDb } from "../db/open.ts";
import { findOpen, lastCancelled, type RolloutItem } from "../db/rollouts.ts";
import type { FormerDeclaration } from "../db/schema/rollouts.ts";
import { membersOf } from "../db/sets.ts";
import type { PolicyRow } from "../db/software-updates.ts";
import type { Payload } from "../declarations/server-filled.ts";
import { serverToken } from "../declarations/server-token.ts";
import type { PlainDeclaration } from "../declarations/software-update.ts";
import { type BegunItem, beginRollout, noPlan } from "../rollouts/begin.ts";
import { startRollouts } from "../rollouts/start.ts";

/**
 * A new target of a policy on one platform. Its rollout begins before the declarations are saved, with what the library
 * has as the former content: until they are saved, it holds back nothing that is there.
 */
type Asked = { declarations: readonly PlainDeclaration[]; sets: readonly string[] };

/** `cancelled`: a person has cancelled the rollout of just this, and has not saved the policy since. */
export async function beginPolicyRollout(
  env: Env,
  { name, rollout, updatedAt, updatedBy }: PolicyRow,
  platform: string,
  asked: Asked,
  now: number,
): Promise<"goes" | "cancelled"> {
  const db = openDb(env.DB);
  const subject = `${name} ${platform}`;
  const target = toHex(await sha256(utf8(JSON.stringify(asked.declarations))));
  const [open, cancelled] = await Promise.all([
    findOpen(db, "policy", subject),
    lastCancelled(db, "policy", subject),
  ]);
  if (cancelled?.target === target && (cancelled.endedAt ?? 0) > updatedAt) return "cancelled";
  const fresh = await itemsFor(db, asked);
  const isOver = open !== undefined && (rollout === null || asked.declarations.length === 0);
  if (fresh.length === 0 && !isOver) return "goes";
  const begun = await beginRollout(
    env,
    db,
    {
      ...{ kind: "policy", subject, target, by: updatedBy, asked: rollout ?? noPlan },
      items: (replaced) => withReplaced(fresh, replaced, asked),
      isConnectivity: () => false,
      setNames: async () => [...asked.sets],
    },
    now,
  );
  await applyTogether(db, begun.statements);
  if (begun.id !== undefined) await startRollouts(env);
  return "goes";
}

/** What is different from the library at present. */
async function itemsFor(db: Db, { declarations, sets }: Asked): Promise<BegunItem[]> {
  const [rows, members] = await Promise.all([
    findDeclarations(
      db,
      declarations.map(({ identifier }) => identifier),
    ),
    membersOf(db, sets),
  ]);
  const items = await Promise.all(
    declarations.map(async ({ identifier, type, payload }): Promise<BegunItem[]> => {
      const row = rows.find((one) => one.identifier === identifier);
      const held = members.filter((one) => one.kind === "declaration" && one.identifier === identifier);
      const added = sets
        .filter((setName) => !held.some((member) => member.setName === setName))
        .map((setName) => ({
          ...{ kind: "declaration" as const, identifier, setName, change: "added" as const },
          ...{ version: null, former: null, policy: null },
        }));
      if (row === undefined || held.length === 0) return added;
      const { touches, dataSha256 } = row;
      const data = dataSha256 === null ? [] : [dataSha256];
      const digest = await serverToken({ identifier, type, payload: payload as Payload, touches, data });
      if (digest === row.serverToken) return added;
      const former: FormerDeclaration = {
        ...{ version: row.version, digest: row.serverToken, type: row.type, kind: row.kind },
        ...{ payload: row.payload, dataSha256, variables: row.variables },
      };
      const version = row.version + 1;
      return [
        ...added,
        { kind: "declaration", identifier, setName: "", change: "version", version, former, policy: null },
      ];
    }),
  );
  return items.flat();
}

/** Devices go on with what all of them had before the rollout that is replaced. */
function withReplaced(
  fresh: readonly BegunItem[],
  replaced: readonly RolloutItem[],
  { declarations }: Asked,
): BegunItem[] {
  const names = declarations.map(({ identifier }) => identifier);
  const keyOf = ({ identifier, setName }: BegunItem) => JSON.stringify([identifier, setName]);
  const earlier = new Map(
    replaced.filter(({ identifier }) => names.includes(identifier)).map((item) => [keyOf(item), item]),
  );
  const own = fresh.map((item) => ({ ...item, former: earlier.get(keyOf(item))?.former ?? item.former }));
  const known = new Set(own.map(keyOf));
  const kept = [...earlier.values()]
    .filter((item) => !known.has(keyOf(item)))
    .map(({ rolloutId: _id, open: _open, ...item }) => item);
  return [...own, ...kept];
}
