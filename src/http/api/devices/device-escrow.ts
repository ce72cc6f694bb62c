import { Hono } from "hono";
import * as v from "valibot";
import { loadSettings } from "../../../admin/settings.ts";
import { type Bytes, fromUtf8, toBase64 } from "../../../base/bytes.ts";
import { hour } from "../../../base/time.ts";
import {
  type EscrowEntry,
  type EscrowName,
  escrowForms,
  listEscrow,
  readEscrow,
} from "../../../device/client/escrow.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { printableTrimmed } from "../route/printable.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { invalid, params, query } from "../route/validate.ts";
import { noDevice } from "./device-json.ts";

const names = Object.keys(escrowForms) as [EscrowName, ...EscrowName[]];

const Escrowed = v.pipe(
  v.object({
    name: v.string(),
    device_id: v.pipe(
      v.string(),
      v.description("The device it came from; it differs for a deleted device with the same serial number"),
    ),
    generation: v.pipe(v.number(), v.integer(), v.description("The enrollment it came with")),
    stored_at: Time,
    current: v.pipe(v.boolean(), v.description("It belongs to the current enrollment")),
    confirmed: v.pipe(v.boolean(), v.description("false: the device has not confirmed that it took it")),
    archived_at: v.pipe(TimeOrNull, v.description("When its device was deleted")),
  }),
  v.title("Escrowed"),
);

/** It is read years later, in a list. */
const reason = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(printableTrimmed, "must be one printable line, without spaces at its ends"),
  v.description(
    "Why it is read, for the audit log; the setting `escrow_reason_required` says whether it must be given",
  ),
);

const noReason = {
  pointer: "/reason",
  code: "required",
  detail: "say why you read it: the setting escrow_reason_required asks for a reason",
  in: "query" as const,
};

const value = v.pipe(v.string(), v.description("As `encoding` says"));
const encoding = v.picklist(["text", "base64"]);

const EscrowValues = v.pipe(
  v.object({
    name: v.picklist(names),
    value: v.pipe(
      v.nullable(v.string()),
      v.description("The value now in use, encoded as `encoding` says; null: there is none"),
    ),
    encoding: v.nullable(encoding),
    items: v.array(v.object({ ...Escrowed.entries, value, encoding })),
    next_cursor: v.null(),
  }),
  v.title("EscrowValues"),
);

export const deviceEscrow = new Hono<ApiEnv>();

deviceEscrow.get(
  "/:id/escrow",
  describeRoute(
    "List the escrowed secrets of a device, without their values",
    { 200: v.object({ items: v.array(Escrowed), next_cursor: v.null() }) },
    { problems: ["not-found"], detail: "For a deleted device, use its id or its serial number." },
  ),
  allow("viewer"),
  async (c) => {
    const entries = await listEscrow(c.env, c.req.param("id"));
    if (entries === undefined) return problem(c, "not-found", noDevice(c.req.param("id")));
    return c.json({ items: entries.map(present), next_cursor: null });
  },
);

deviceEscrow.get(
  "/:id/escrow/:name",
  describeRoute(
    "Read an escrowed secret; this leaves an audit entry and an event",
    { 200: EscrowValues },
    {
      audit: "always",
      problems: ["not-found"],
      detail:
        "Newest first, including those of earlier enrollments and deleted devices. The right read-escrow is enough with any role. A FileVault key, a recovery lock or a managed administrator's password that was read is changed on the Mac after the setting escrow_rotation_hours; `rotations` of the device shows that until it is done.",
    },
  ),
  allow("admin", "read-escrow"),
  params({ name: v.picklist(names) }),
  query({ reason: v.optional(reason) }),
  async (c) => {
    const { name } = c.req.valid("param");
    const { reason } = c.req.valid("query");
    if (reason !== undefined) c.set("reason", reason);
    const now = Date.now();
    const { escrow_rotation_hours: hours, escrow_reason_required: isAsked } = await loadSettings(c.env, now);
    if (isAsked && reason === undefined) return invalid(c, [noReason]);
    const reading = { by: c.var.caller.tokenId, changeAt: hours === 0 ? undefined : now + hours * hour };
    const entries = await readEscrow(c.env, c.req.param("id"), name, reading);
    if (entries === undefined) return problem(c, "not-found", noDevice(c.req.param("id")));
    const items = entries.map((entry) => ({ ...present(entry), ...spell(name, entry.value) }));
    const inForce = items.find(({ current, confirmed }) => current && confirmed);
    return c.json({
      name,
      value: inForce?.value ?? null,
      encoding: inForce?.encoding ?? null,
      items,
      next_cursor: null,
    });
  },
);

const present = (entry: EscrowEntry): v.InferInput<typeof Escrowed> => ({
  name: entry.name,
  device_id: entry.deviceId,
  generation: entry.generation,
  stored_at: isoTime(entry.storedAt),
  current: entry.current,
  confirmed: entry.confirmed,
  archived_at: isoTimeOrNull(entry.archivedAt),
});

function spell(name: EscrowName, bytes: Bytes): { value: string; encoding: v.InferInput<typeof encoding> } {
  const text = escrowForms[name] === "text" ? textOf(bytes) : undefined;
  return text === undefined
    ? { value: toBase64(bytes), encoding: "base64" }
    : { value: text, encoding: "text" };
}

// A device may have sent something other than the expected text.
function textOf(bytes: Bytes): string | undefined {
  try {
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}
