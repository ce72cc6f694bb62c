// A plan made true, one write after the other. Each write says what it expects to find, so that nobody's change is lost.
import { canonicalJson } from "../../../src/declarations/canonical-json.ts";
import { Trouble } from "../../trouble.ts";
import { refusalWords } from "../refusal-words.ts";
import { type Api, isRefusal } from "./api.ts";
import { findOne } from "./calls.ts";
import { labelOf } from "./origin.ts";
import type { Change, Plan } from "./plan.ts";
import { actionOf } from "./show-plan.ts";
import type { Condition } from "./thing.ts";

export type Done = { made: number };

export async function carryOut(
  api: Api,
  plan: Plan,
  scope: string,
  told: (change: Change) => void,
): Promise<Done> {
  let made = 0;
  for (const change of plan.changes) {
    await carryOne(api, change, scope);
    made++;
    told(change);
  }
  return { made };
}

async function carryOne(api: Api, change: Change, scope: string): Promise<void> {
  const { kind, thing, current } = change;
  try {
    if (thing === undefined) {
      if (current) await kind.remove?.(api, current, await asPlanned(api, change));
    } else if (current === undefined) {
      const headers = { "If-None-Match": "*", "Managed-By": labelOf(scope) };
      await kind.create(api, thing, { headers });
    } else await kind.change(api, thing, current, await asPlanned(api, change));
  } catch (fault) {
    if (isRefusal(fault) && (await isDone(api, change, fault.status))) return;
    const what = `${actionOf(change)} ${kind.one} ${change.name}`.trim();
    const why = fault instanceof Trouble ? fault.message : refusalWords(fault);
    throw why === undefined ? fault : new Trouble(`${what}: ${why}`, { cause: fault });
  }
}

/** What was compared is still there; its tag goes with the write, for what happens in between. */
async function asPlanned(api: Api, { kind, name, current }: Change): Promise<Condition> {
  const now = await findOne(api, kind, name, current?.id);
  if (canonicalJson(now?.current.value ?? null) !== canonicalJson(current?.value ?? null))
    throw new Trouble("somebody changed it since the plan was made: plan again");
  return now?.tag === undefined ? {} : { headers: { "If-Match": now.tag } };
}

/** The answer to an earlier try was lost: what was wanted is there. */
async function isDone(api: Api, change: Change, status: number): Promise<boolean> {
  const { kind, name, thing } = change;
  if (thing === undefined) return status === 404;
  if (status !== 412) return false;
  const now = await findOne(api, kind, name, change.current?.id);
  return now !== undefined && (await kind.differences(api, thing, now.current)).length === 0;
}
