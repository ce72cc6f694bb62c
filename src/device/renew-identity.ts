import { loadSettings } from "../admin/settings.ts";
import { logFault } from "../base/log.ts";
import type { Result } from "../base/result.ts";
import { composeRenewal } from "../enrollment/compose-profile.ts";
import { signProfile } from "../enrollment/sign-profile.ts";
import { readEnv } from "../env.ts";
import { platformOf } from "../mdm/platform.ts";
import { writePlist } from "../plist/write.ts";
import { type CommandHeader, type CommandRefusal, enqueue, findCommand } from "./command-desk.ts";
import type { Desk } from "./desk.ts";
import type { EnrollmentTerms } from "./enrollment-state.ts";
import { currentIdentity, decideRenewal, failed, type RenewalDecision, type RenewalRow } from "./renewal.ts";
import type { Store } from "./store.ts";
import { factsOf } from "./turn.ts";
import type { Vault } from "./vault.ts";

/**
 * The duty of renewal: looks whether the identity is due, and queues the enrollment profile once more. The challenge in
 * it lives as long as the command can wait, is good for one key, and for this device alone.
 */
type Renewing = {
  store: Store;
  vault: Vault;
  env: Env;
  deviceId: string;
  now: number;
  desk: <Answer>(act: (desk: Desk) => Answer) => Answer;
};

const day = 24 * 60 * 60_000;

export async function renewIdentity(renewing: Renewing): Promise<void> {
  const { env, now, desk } = renewing;
  try {
    const settings = await loadSettings(env, now);
    const policy = {
      renewalMs: settings.identity_renewal_days * day,
      graceMs: settings.identity_grace_days * day,
    };
    const decision = desk((at) => look(at, policy, now));
    if (decision?.does === "queue")
      await queueRenewal(renewing, decision.row, decision.until, settings.organization);
  } catch (fault) {
    logFault("device.renewal", fault, { device_id: renewing.deviceId });
    desk(({ store }) => store.lookAtRenewal(now + 15 * 60_000));
  }
}

/** Keeps what there is to wait for, and answers what is to be done. */
function look(
  desk: Desk,
  policy: { renewalMs: number; graceMs: number },
  now: number,
): RenewalDecision | undefined {
  const { store } = desk;
  const identity = currentIdentity(store.identities(), store.device().generation);
  if (identity === undefined) {
    store.lookAtRenewal(now + 30 * day);
    return undefined;
  }
  const known = store.renewal();
  const command = known?.command_uuid ? (findCommand(desk, "", known.command_uuid) ?? null) : null;
  const decision = decideRenewal(identity, known, command, policy, now);
  settle(desk, decision);
  return decision;
}

function settle({ store, tell }: Desk, decision: RenewalDecision): void {
  store.setRenewal(decision.row);
  if (decision.does !== "fail") return;
  const { attempts, look_at, fingerprint } = decision.row;
  const retry = new Date(look_at).toISOString();
  tell({
    name: "identity.renewal_failed",
    detail: { fingerprint, attempts, error: decision.error, retry_at: retry },
  });
}

async function queueRenewal(
  { store, vault, env, deviceId, now, desk }: Renewing,
  row: RenewalRow,
  until: number,
  organization: string,
): Promise<void> {
  const configuration = readEnv(env);
  const terms = JSON.parse(store.device().terms ?? "{}") as EnrollmentTerms;
  if (terms.profile === undefined) throw new Error("the profile of this enrollment is not known");
  const { ProductName, Model, ModelName } = factsOf(store.device());
  const composed = await composeRenewal(
    env,
    {
      deviceId,
      fingerprint: row.fingerprint,
      terms: { ...terms, profile: terms.profile },
      publicUrl: configuration.ok ? configuration.value.publicUrl : undefined,
      organization,
      platform: platformOf([ProductName, Model, ModelName]),
      lifetimeMs: until - now,
    },
    now,
  );
  if (!composed.ok) {
    const { detail } = composed.refusal;
    desk((at) => settle(at, failed(row, detail, now)));
    return;
  }
  const uuid = crypto.randomUUID().toUpperCase();
  const payload = await signProfile(env, composed.value.profile, now);
  const command = { RequestType: "InstallProfile", Payload: payload };
  const body = await vault.sealCommand(uuid, writePlist({ Command: command, CommandUUID: uuid }));
  desk((at) => put(at, row, uuid, body, until));
}

function put(desk: Desk, row: RenewalRow, uuid: string, body: Uint8Array<ArrayBuffer>, until: number): void {
  // The device has meanwhile come with a new identity, or left.
  if (desk.store.renewal()?.fingerprint !== row.fingerprint || desk.store.device().state !== "enrolled")
    return;
  const input = { uuid, userId: "", requestType: "InstallProfile", high: false, renewal: true };
  const queued: Result<CommandHeader, CommandRefusal> = enqueue(
    desk,
    { ...input, expiresAt: until, origin: "server", push: true },
    body,
  );
  if (!queued.ok) {
    settle(desk, failed(row, queued.refusal.detail, desk.now));
    return;
  }
  desk.store.setRenewal({ ...row, command_uuid: uuid, look_at: until });
  desk.tell({
    name: "identity.renewal_queued",
    detail: { fingerprint: row.fingerprint, uuid, attempt: row.attempts + 1 },
  });
}
