import * as v from "valibot";
import { declarationKinds } from "../../../declarations/declaration.ts";
import { declarationStates } from "../../../declarations/states.ts";
import { Time, TimeOrNull } from "../route/times.ts";

/** The schemas for the state of declarations on channels, and for what channels report. */
const Reason = v.pipe(
  v.object({
    code: v.pipe(v.string(), v.description("Apple's, such as `Error.ConfigurationNotSupported`")),
    description: v.optional(v.string()),
    details: v.optional(v.record(v.string(), v.unknown())),
  }),
  v.title("DeclarationReason"),
);

const said = {
  server_token: v.pipe(v.string(), v.description("The token of the version that the device has")),
  active: v.boolean(),
  valid: v.picklist(["unknown", "invalid", "valid"]),
  reasons: v.array(Reason),
};

/** Any value that a status item may hold. */
const Value = v.nullable(
  v.union([
    v.string(),
    v.number(),
    v.boolean(),
    v.array(v.union([v.string(), v.number(), v.boolean(), v.record(v.string(), v.unknown())])),
    v.record(v.string(), v.unknown()),
  ]),
);

export const State = v.picklist(declarationStates);

export const ChannelDeclaration = v.pipe(
  v.object({
    identifier: v.string(),
    kind: v.picklist(declarationKinds),
    type: v.string(),
    server_token: v.pipe(v.string(), v.description("The token of the version that the device should have")),
    state: State,
    reported: v.pipe(v.nullable(v.object(said)), v.description("null: it reported nothing about this one")),
  }),
  v.title("ChannelDeclaration"),
);

export const DeclarationsHead = {
  token: v.pipe(
    v.nullable(v.string()),
    v.description("The token of the whole set of declarations; null: there never was one"),
  ),
  token_at: TimeOrNull,
  announced: v.pipe(v.boolean(), v.description("false: the device is not notified and finds it by itself")),
  fetched_token: v.pipe(
    v.nullable(v.string()),
    v.description("The token of the set that the device fetched last"),
  ),
  fetched_at: TimeOrNull,
  reported_at: v.pipe(TimeOrNull, v.description("When the device last reported its declarations")),
  unexpected: v.pipe(
    v.array(v.object({ identifier: v.string(), kind: v.picklist(declarationKinds), ...said })),
    v.description("Declarations that the device reports but should not have, or should no longer have"),
  ),
  withheld: v.pipe(
    v.array(v.object({ identifier: v.string(), reason: v.string() })),
    v.description(
      "Declarations of its sets that it does not get: a value is missing, or its enrollment may not have them",
    ),
  ),
};

export const StatusItemJson = v.pipe(
  v.object({
    path: v.string(),
    value: Value,
    since: Time,
    history: v.pipe(
      v.array(v.object({ since: Time, value: Value })),
      v.description("Earlier values, newest first; only for items with one value"),
    ),
  }),
  v.title("StatusItem"),
);

export const StatusErrorJson = v.pipe(
  v.object({ status_item: v.string(), reported_at: Time, reasons: v.array(Reason) }),
  v.title("StatusError"),
);

const report = {
  id: v.number(),
  received_at: Time,
  size: v.pipe(v.number(), v.description("In bytes")),
  state: v.pipe(v.string(), v.description("`new`, `read`, or why it could not be read")),
};

export const StatusReportJson = v.pipe(v.object(report), v.title("StatusReport"));
export const StatusReportTextJson = v.object({
  ...report,
  report: v.pipe(v.string(), v.description("The JSON as the device sent it")),
});

export const DeclarationOnChannel = v.pipe(
  v.object({
    device_id: v.string(),
    channel: v.pipe(v.nullable(v.string()), v.description("A user channel; null: the device channel")),
    state: State,
    server_token: v.string(),
    reasons: v.array(Reason),
    updated_at: Time,
  }),
  v.title("DeclarationOnChannel"),
);

export const StatusValueOnChannel = v.pipe(
  v.object({
    device_id: v.string(),
    channel: v.pipe(v.nullable(v.string()), v.description("A user channel; null: the device channel")),
    value: Value,
    updated_at: Time,
  }),
  v.title("StatusValueOnChannel"),
);
