import { ok, type Result, refuse } from "../base/result.ts";
import { checkCommand } from "../catalog/check.ts";
import { type Finding, refusesIn, type ValidationMode } from "../catalog/finding.ts";
import type { CommandSecret } from "../device/queue/command-rpc.ts";
import type { PlistDict } from "../plist/value.ts";
import { completeForDevice } from "./complete/complete.ts";
import type { CompletionRefusal } from "./complete/completer.ts";
import { userEnrollmentFindings } from "./owners-devices.ts";
import { provisioningFindings } from "./provisioned-devices.ts";
import { generatedSecrets, goesAlone, secretsOf } from "./secrets.ts";
import type { Subject } from "./subject.ts";

/** A requested command; `complete` lets the server add what was left out. */
export type Wanted = { requestType: string; payload: PlistDict; complete: boolean };

/** Ready to be queued for one device. */
export type Prepared = {
  payload: PlistDict;
  secrets: CommandSecret[];
  alone: boolean;
  /** Secrets that only the server knows so far. */
  generated: { escrow: string; value: string }[];
  findings: Finding[];
};

export type PrepareRefusal = CompletionRefusal | { reason: "unfit"; findings: Finding[] };

/** Completes a command for this device and checks it with the catalogue. */
export async function prepare(
  env: Env,
  { requestType, payload: given, complete }: Wanted,
  subject: Subject,
  mode: ValidationMode,
): Promise<Result<Prepared, PrepareRefusal>> {
  const helped = complete ? await completeForDevice(requestType, given, env, subject) : ok(given);
  if (!helped.ok) return helped;
  const payload = helped.value;
  const findings =
    mode === "off"
      ? []
      : [
          ...(await checkCommand(requestType, payload, subject.context)),
          ...(await provisioningFindings(requestType, payload, subject)),
          ...(await userEnrollmentFindings(requestType, payload, subject)),
        ];
  if (refusesIn(mode, findings)) return refuse({ reason: "unfit", findings });
  return ok({
    payload,
    secrets: secretsOf(requestType, payload),
    alone: goesAlone(requestType),
    generated: generatedSecrets(requestType, given, payload),
    findings,
  });
}
