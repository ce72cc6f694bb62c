import { openDb } from "../../db/open.ts";
import {
  listSigningCertificates,
  noteSigningWarned,
  type SigningCertificateRow,
} from "../../db/signing-certificates.ts";
import { announceServerEvent } from "../../events/announce.ts";
import { endingWithinMs } from "../../profiles/provisioning-profile-end.ts";
import type { Remark } from "../run.ts";

type Warned = SigningCertificateRow["warned"];

/** Reports, once each, certificates for signing profiles that end soon or have ended. */
export async function tellSigningEnds(env: Env, now: number): Promise<Remark[]> {
  const db = openDb(env.DB);
  const remarks: Remark[] = [];
  for (const row of await listSigningCertificates(db)) {
    const stage = stageOf(row, now);
    if (stage === "nothing" || stage === row.warned) continue;
    const expires_at = new Date(row.notAfter).toISOString();
    const detail = { id: row.id, subject: row.subject, expires_at };
    await announceServerEvent(env, { name: `signing_certificate.${stage}`, detail }, now);
    await noteSigningWarned(db, row.id, stage);
    const verb = stage === "expired" ? "ended" : "ends";
    remarks.push({
      about: `signing certificate ${row.id}`,
      detail: `${row.subject} ${verb} on ${expires_at}`,
    });
  }
  return remarks;
}

function stageOf({ notAfter }: SigningCertificateRow, now: number): Warned {
  if (notAfter <= now) return "expired";
  return notAfter <= now + endingWithinMs ? "expiring" : "nothing";
}
