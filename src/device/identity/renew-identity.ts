import { loadSettings } from "../../admin/settings.ts";
import { logFault } from "../../base/log.ts";
import { day, minute } from "../../base/time.ts";
import { composeRenewal } from "../../enrollment/compose-profile.ts";
import { signProfile } from "../../enrollment/sign-profile.ts";
import { readEnv } from "../../env.ts";
import { platformOf } from "../../mdm/platform.ts";
import type { DutyContext } from "../alarm/duty-context.ts";
import { findCommand } from "../queue/command-rpc.ts";
import { serverOrigin } from "../queue/origins.ts";
import { type OwnCommand, queueOwnCommand, sealOwnCommand } from "../queue/own-commands.ts";
import type { Turn } from "../turn.ts";
import { factsOf } from "../turn.ts";
import type { EnrollmentTerms } from "./enrollment.ts";
import { currentIdentity, decideRenewal, failed, type RenewalDecision, type RenewalRow } from "./renewal.ts";

/**
 * The duty of renewal: when the identity is due, it queues the enrollment profile again. The challenge in it is valid as
 * long as the command may wait, for one key and only for this device.
 */

export async function renewIdentity(work: DutyContext, now: number): Promise<void> {
  const { env, takeTurn } = work;
  try {
    const settings = await loadSettings(env, now);
    const policy = {
      renewalMs: settings.identity_renewal_days * day,
      graceMs: settings.identity_grace_days * day,
    };
    const decision = takeTurn((turn) => decide(turn, policy, now));
    if (decision?.does === "queue")
      await queueRenewal(work, decision.row, decision.until, settings.organization, now);
  } catch (fault) {
    logFault("device.renewal", fault, { device_id: work.deviceId });
    takeTurn(({ store }) => store.lookAtRenewal(now + 15 * minute));
  }
}

/** Stores what to wait for, and returns what to do. */
function decide(
  turn: Turn,
  policy: { renewalMs: number; graceMs: number },
  now: number,
): RenewalDecision | undefined {
  const { store } = turn;
  const identity = currentIdentity(store.identities(), store.device().generation);
  if (identity === undefined) {
    store.lookAtRenewal(now + 30 * day);
    return undefined;
  }
  const known = store.renewal();
  const command = known?.command_uuid ? (findCommand(turn, "", known.command_uuid) ?? null) : null;
  const decision = decideRenewal(identity, known, command, policy, now);
  settle(turn, decision);
  return decision;
}

function settle({ store, tell }: Turn, decision: RenewalDecision): void {
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
  { store, vault, env, deviceId, takeTurn }: DutyContext,
  row: RenewalRow,
  until: number,
  organization: string,
  now: number,
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
    takeTurn((turn) => settle(turn, failed(row, detail, now)));
    return;
  }
  const payload = await signProfile(env, composed.value.profile, now);
  const command = await sealOwnCommand(vault, { RequestType: "InstallProfile", Payload: payload });
  takeTurn((turn) => put(turn, row, command, until));
}

function put(turn: Turn, row: RenewalRow, command: OwnCommand, until: number): void {
  // In the meantime the device has used a new identity, or left.
  if (turn.store.renewal()?.fingerprint !== row.fingerprint || turn.store.device().state !== "enrolled")
    return;
  const queued = queueOwnCommand(turn, command, { origin: serverOrigin, expiresAt: until, renewal: true });
  if (!queued.ok) {
    settle(turn, failed(row, queued.refusal.detail, turn.now));
    return;
  }
  turn.store.setRenewal({ ...row, command_uuid: command.uuid, look_at: until });
  turn.tell({
    name: "identity.renewal_queued",
    detail: { fingerprint: row.fingerprint, uuid: command.uuid, attempt: row.attempts + 1 },
  });
}
