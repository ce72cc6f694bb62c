import * as v from "valibot";
import type { CommandHeader, CommandRefusal } from "../../../device/queue/command-rpc.ts";
import type { CommandWhole } from "../../../device/queue/read-command.ts";
import { mask } from "../../../mdm/secrets.ts";
import { type Json, plistToJson } from "../../../plist/json.ts";
import { readPlist } from "../../../plist/read.ts";
import type { PlistValue } from "../../../plist/value.ts";
import type { ProblemSlug } from "../route/problem.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";

/** How commands look in answers. */
export const commandStates = [
  "queued",
  "sent",
  "not_now",
  "acknowledged",
  "error",
  "format_error",
  "cancelled",
  "expired",
] as const;

const text = v.nullable(v.string());

export const Command = v.pipe(
  v.object({
    uuid: v.string(),
    request_type: v.string(),
    channel: v.pipe(text, v.description("The id of the user; null: the device channel")),
    state: v.picklist(commandStates),
    priority: v.pipe(v.nullable(v.picklist(["normal", "high"])), v.description("null: it no longer waits")),
    origin: v.pipe(
      v.string(),
      v.description("The id of the token that gave it, or the part of the server that did"),
    ),
    queued_at: Time,
    sent_at: v.pipe(TimeOrNull, v.description("When the device last fetched it")),
    finished_at: TimeOrNull,
    expires_at: v.pipe(
      TimeOrNull,
      v.description("When it stops waiting; null: never, or it no longer waits"),
    ),
    error: v.pipe(text, v.description("What went wrong, as the device reported it")),
    result_bytes: v.pipe(v.number(), v.integer(), v.description("Size of the device's report")),
    truncated: v.pipe(v.boolean(), v.description("The report was too large to keep; `result` is null")),
  }),
  v.title("Command"),
);

const plist = (description: string) =>
  v.pipe(v.nullable(v.record(v.string(), v.unknown())), v.description(description));

export const CommandDetail = v.pipe(
  v.object({
    ...Command.entries,
    payload: plist("What the device gets, with secrets masked: data in base64, dates in ISO 8601"),
    result: plist("What the device reported, with secrets masked; null: nothing yet, or too much to keep"),
  }),
  v.title("CommandDetail"),
);

export const presentCommand = (header: CommandHeader): v.InferInput<typeof Command> => ({
  uuid: header.uuid,
  request_type: header.requestType,
  channel: header.userId || null,
  state: header.state,
  priority: header.high === null ? null : header.high ? "high" : "normal",
  origin: header.origin,
  queued_at: isoTime(header.queuedAt),
  sent_at: isoTimeOrNull(header.sentAt),
  finished_at: isoTimeOrNull(header.finishedAt),
  expires_at: isoTimeOrNull(header.expiresAt),
  error: header.error,
  result_bytes: header.resultSize,
  truncated: header.truncated,
});

/** The masked property lists of a command. A report that cannot be read cannot be masked, so it is not shown. */
export function maskedParts({ header, body, result }: CommandWhole): {
  payload: PlistValue | undefined;
  result: PlistValue | undefined;
} {
  const payload = readMasked(body);
  return {
    payload: payload instanceof Map ? payload.get("Command") : undefined,
    result: header.truncated ? undefined : readMasked(result),
  };
}

export function readMasked(bytes: Uint8Array | undefined): PlistValue | undefined {
  const read = bytes && readPlist(bytes);
  return read?.ok ? mask(read.value) : undefined;
}

export const jsonOrNull = (value: PlistValue | undefined): { [key: string]: Json } | null =>
  value instanceof Map ? (plistToJson(value) as { [key: string]: Json }) : null;

/** The problem of this API for each refusal of the device's object. */
export const commandProblems: Record<CommandRefusal["reason"], ProblemSlug> = {
  "unknown-device": "not-found",
  "unknown-channel": "not-found",
  "no-such-command": "not-found",
  "device-unenrolled": "conflict",
  "forbidden-by-access-rights": "conflict",
  "shared-ipad": "conflict",
  "wrong-channel": "conflict",
  "already-waiting": "conflict",
  "queue-full": "conflict",
  "uuid-taken": "conflict",
  "not-cancellable": "conflict",
};
