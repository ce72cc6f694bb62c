import type { Context } from "hono";
import * as v from "valibot";
import { type FindingCode, findingLevels } from "../../../catalog/finding.ts";
import type { AssetFileRow } from "../../../db/asset-files.ts";
import type { DeclarationEntry, DeclarationRow, DeclarationVersionRow } from "../../../db/declarations.ts";
import { declarationKinds } from "../../../declarations/declaration.ts";
import { type DeclarationFinding, libraryFindings } from "../../../library/declaration-findings.ts";
import type { InUse, NotThere, Saved, SaveRefusal } from "../../../library/declarations.ts";
import { begunRollout } from "../rollouts/asked-plan.ts";
import { problem } from "../route/problem.ts";
import type { RequestError } from "../route/request-error.ts";
import { isoTime, Time } from "../route/times.ts";
import { invalid } from "../route/validate.ts";

/** Declarations in JSON: as they are sent, as they are shown, and the answers when something is refused. */
const Payload = v.pipe(
  v.record(v.string(), v.unknown()),
  v.description("Apple's own keys"),
  v.title("DeclarationPayload"),
);

const Type = v.pipe(v.string(), v.maxLength(200), v.description("Apple's type"));

/** In lower case, as the API answers; or as Apple writes it, so that a declaration from elsewhere can be sent unchanged. */
export const NewDeclaration = v.pipe(
  v.strictObject({
    type: v.exactOptional(Type),
    payload: v.exactOptional(Payload),
    Type: v.exactOptional(v.pipe(Type, v.description("The same"))),
    Payload: v.exactOptional(Payload),
    Identifier: v.exactOptional(v.pipe(v.string(), v.description("As in the address"))),
    ServerToken: v.exactOptional(v.pipe(v.string(), v.description("Ignored"))),
  }),
  v.forward(
    v.check((given) => given.type !== undefined || given.Type !== undefined, "is missing"),
    ["type"],
  ),
  v.check((given) => isOneForm(given), "must be in lower case or as Apple writes it, not a mix"),
  v.title("NewDeclaration"),
);

const isOneForm = ({ type, payload, ...apple }: Record<string, unknown>): boolean =>
  (type === undefined && payload === undefined) || Object.keys(apple).length === 0;

export const contentOf = (given: v.InferOutput<typeof NewDeclaration>) => ({
  type: given.type ?? given.Type ?? "",
  payload: given.payload ?? given.Payload ?? {},
  identifier: given.Identifier,
});

const entry = {
  identifier: v.string(),
  type: v.string(),
  kind: v.picklist(declarationKinds),
  server_token: v.pipe(
    v.string(),
    v.description("The token of the content stored here; each device sees its own token"),
  ),
  version: v.pipe(v.number(), v.description("Goes up by one each time the content changes")),
  data_sha256: v.pipe(v.nullable(v.string()), v.description("The hash of the file that belongs to an asset")),
  variables: v.pipe(v.array(v.string()), v.description("The variables that are filled in for each device")),
  created_at: Time,
  updated_at: Time,
  updated_by: v.pipe(v.string(), v.description("A token's id")),
};

export const DeclarationEntryJson = v.pipe(v.object(entry), v.title("DeclarationEntry"));

export const DeclarationJson = v.pipe(
  v.object({
    ...entry,
    payload: Payload,
    data: v.nullable(v.object({ sha256: v.string(), content_type: v.string(), size: v.number() })),
  }),
  v.title("Declaration"),
);

export const DeclarationFindingJson = v.pipe(
  v.object({
    level: v.picklist(["error", "warning"]),
    pointer: v.string(),
    code: v.picklist([
      ...(Object.keys(findingLevels) as FindingCode[]),
      ...(Object.keys(libraryFindings) as (keyof typeof libraryFindings)[]),
    ]),
    detail: v.string(),
    suggestion: v.exactOptional(v.string()),
  }),
  v.title("DeclarationFinding"),
);

const saved = {
  outcome: v.picklist(["created", "changed", "unchanged"]),
  warnings: v.array(DeclarationFindingJson),
  rollout: begunRollout,
};

export const SavedDeclaration = v.pipe(
  v.object({ ...DeclarationJson.entries, ...saved }),
  v.title("SavedDeclaration"),
);

export const DifferenceJson = v.pipe(
  v.object({
    pointer: v.string(),
    from: v.exactOptional(v.pipe(v.unknown(), v.description("Absent: it was added"))),
    to: v.exactOptional(v.pipe(v.unknown(), v.description("Absent: it was removed"))),
  }),
  v.title("Difference"),
);

export const ChannelJson = v.pipe(
  v.object({
    device_id: v.string(),
    channel: v.pipe(v.nullable(v.string()), v.description("The id of the user; null: the device channel")),
  }),
  v.title("ChannelName"),
);

export const DeclarationPlan = v.pipe(
  v.object({
    ...saved,
    differences: v.array(DifferenceJson),
    sets: v.pipe(v.array(v.string()), v.description("The sets through which channels have it")),
    channels: v.pipe(v.number(), v.description("How many channels would be notified")),
    channels_complete: v.pipe(v.boolean(), v.description("false: there are more channels than this number")),
    items: v.array(ChannelJson),
    next_cursor: v.nullable(v.string()),
  }),
  v.title("DeclarationPlan"),
);

export const VersionJson = v.pipe(
  v.object({
    version: v.number(),
    type: v.string(),
    payload: Payload,
    data_sha256: v.nullable(v.string()),
    server_token: v.string(),
    saved_at: Time,
    saved_by: v.string(),
  }),
  v.title("DeclarationVersion"),
);

export const presentEntry = (row: DeclarationEntry): v.InferInput<typeof DeclarationEntryJson> => ({
  identifier: row.identifier,
  type: row.type,
  kind: row.kind,
  server_token: row.serverToken,
  version: row.version,
  data_sha256: row.dataSha256,
  variables: row.variables,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
  updated_by: row.updatedBy,
});

export const presentDeclaration = (
  row: DeclarationRow,
  file: AssetFileRow | undefined,
): v.InferInput<typeof DeclarationJson> => ({
  ...presentEntry(row),
  payload: row.payload,
  data: file ? { sha256: file.sha256, content_type: file.contentType, size: file.size } : null,
});

export const presentVersion = (row: DeclarationVersionRow): v.InferInput<typeof VersionJson> => ({
  version: row.version,
  type: row.type,
  payload: row.payload,
  data_sha256: row.dataSha256,
  server_token: row.serverToken,
  saved_at: isoTime(row.savedAt),
  saved_by: row.savedBy,
});

export const presentWarnings = ({ findings }: Saved): DeclarationFinding[] => findings.map(inPayload);

/** A finding's pointer is into the payload; an answer's pointer is into the body. */
const inPayload = (finding: DeclarationFinding): DeclarationFinding => ({
  ...finding,
  pointer: `/payload${finding.pointer}`,
});

export const findingError = (
  { detail, pointer, code, suggestion }: DeclarationFinding,
  base = "/payload",
): RequestError => ({
  pointer: base + pointer,
  code,
  detail: suggestion === undefined ? detail : `${detail}; did you mean ${suggestion}?`,
});

export function declarationProblem(c: Context, refusal: SaveRefusal | NotThere | InUse): Response {
  switch (refusal.reason) {
    case "unfit": {
      const errors = refusal.findings.filter(({ level }) => level === "error");
      return invalid(
        c,
        errors.map((finding) => findingError(finding)),
      );
    }
    case "bad-identifier":
      return invalid(c, [
        { pointer: "/identifier", code: refusal.reason, detail: refusal.detail, in: "path" },
      ]);
    case "bad-type":
      return invalid(c, [{ pointer: "/type", code: refusal.reason, detail: refusal.detail }]);
    case "too-deep":
      return invalid(c, [{ pointer: "/payload", code: refusal.reason, detail: refusal.detail }]);
    case "not-found":
      return problem(c, "not-found", refusal.detail);
    case "busy":
      return problem(c, "conflict", refusal.detail);
    case "in-use": {
      const { referrers, sets } = refusal;
      return problem(c, "conflict", inUse(refusal), { members: { referrers, sets } });
    }
  }
}

function inUse({ referrers, sets }: InUse): string {
  const users = [
    ...(referrers.length > 0 ? [`declarations (${referrers.join(", ")})`] : []),
    ...(sets.length > 0 ? [`sets (${sets.join(", ")})`] : []),
  ];
  return `it is used by ${users.join(" and ")}; remove it there first`;
}
