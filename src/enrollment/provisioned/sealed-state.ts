import { fromBase64Url } from "../../acme/base64url.ts";
import type { MachineInfo } from "../../ade/machine-info.ts";
import { fromUtf8, toBase64Url, utf8 } from "../../base/bytes.ts";
import { minute } from "../../base/time.ts";
import { sealingKeys } from "../../db/sealing-keys.ts";
import { masterKeys } from "../../pki/master.ts";
import { open, seal } from "../../pki/seal.ts";
import { enrollmentStateContext } from "../../pki/seal-contexts.ts";

/**
 * What goes with a person through pages: a device's own words, sealed. In the address and not in a cookie, since the web
 * view of Setup Assistant has been seen to lose those.
 */
export type Passage = "sign-in" | "platform-sso";

export type PassageState = { machine: MachineInfo | undefined; account: string | undefined };

const lastsMs: Record<Passage, number> = { "sign-in": 30 * minute, "platform-sso": 60 * minute };
const longest = 20_000;

export async function sealPassage(
  env: Env,
  passage: Passage,
  { machine, account }: PassageState,
  now: number,
): Promise<string> {
  const { PAIRING_TOKEN: _, ...plain } = machine ?? {};
  const text = JSON.stringify({ until: now + lastsMs[passage], account, machine: machine && plain });
  return toBase64Url(await seal(await sealingKeys(env), enrollmentStateContext(passage), utf8(text)));
}

/** undefined: it is not ours, or its time is over. */
export async function openPassage(
  env: Env,
  passage: Passage,
  sealed: string,
  now: number,
): Promise<PassageState | undefined> {
  const bytes = sealed.length > longest ? undefined : fromBase64Url(sealed);
  if (bytes === undefined) return undefined;
  const opened = await open(await masterKeys(env), enrollmentStateContext(passage), bytes);
  if (!opened.ok) return undefined;
  const { until, account, machine } = JSON.parse(fromUtf8(opened.value)) as {
    until: number;
    account?: string;
    machine?: Omit<MachineInfo, "PAIRING_TOKEN">;
  };
  if (until <= now) return undefined;
  return { account, machine: machine && { ...machine, PAIRING_TOKEN: undefined } };
}
