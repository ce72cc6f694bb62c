import { jsonDepth } from "../base/json.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import type { Json } from "./canonical-json.ts";
import { type DeclarationKind, declarationKinds } from "./declaration.ts";
import type { Reason, ReportedDeclaration } from "./states.ts";

/**
 * A full or partial status report. https://developer.apple.com/documentation/devicemanagement/statusreport
 *
 * Items are nested by the dots in their names. The walk ends at a known item; below unknown names each leaf counts as an
 * item. Leaves to others: the earlier values, and the store.
 *
 * The surprise: keys of `Errors` have capitals, and those of the reasons in `management.declarations` have none.
 */
export type StatusReport = {
  /** A full report: what it does not name is no longer true. */
  isFull: boolean;
  items: readonly StatusItem[];
  /** All declarations that the device has processed, for each kind in the report. */
  declarations: { [kind in DeclarationKind]?: readonly Processed[] } | undefined;
  errors: readonly StatusError[];
};

export type StatusItem = { path: string; value: Json };
export type Processed = Omit<ReportedDeclaration, "kind"> & { identifier: string };
export type StatusError = { item: string; reasons: readonly Reason[] };

export type UnreadableReport = { reason: "not-json" | "too-deep" | "not-a-report" };

const deepest = 64;
const mostItems = 1_000;
const mostDeclarations = 2_000;
const mostErrors = 200;
const mostReasons = 20;
/** Characters of all reasons of the declarations, or of the errors, of one report: beyond, only their codes are kept. */
const reasonsRoom = 200_000;
/** Octets at most, as characters. */
const longestKey = 64;
const longestName = 255;
const longestText = 1_000;

const declarationsItem = "management.declarations";

export function parseStatusReport(
  text: string,
  knownItems: ReadonlySet<string>,
): Result<StatusReport, UnreadableReport> {
  if (jsonDepth(text) > deepest) return refuse({ reason: "too-deep" });
  const report = parseJson(text);
  if (!isDict(report)) return refuse({ reason: report === undefined ? "not-json" : "not-a-report" });
  const items = itemsOf(isDict(report.StatusItems) ? report.StatusItems : {}, knownItems);
  const processed = items.find(({ path }) => path === declarationsItem);
  return ok({
    isFull: report.FullReport === true,
    items: items.filter((item) => item !== processed),
    declarations: processed && processedOf(processed.value),
    errors: errorsOf(report.Errors),
  });
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function itemsOf(top: Dict, knownItems: ReadonlySet<string>): StatusItem[] {
  const items: StatusItem[] = [];
  const walk = (dict: Dict, above: string): void => {
    for (const [key, value] of Object.entries(dict)) {
      const path = above === "" ? key : `${above}.${key}`;
      if (path.length > longestName || items.length >= mostItems) continue;
      const isGroup = !knownItems.has(path) && isDict(value);
      if (isGroup) walk(value, path);
      else items.push({ path, value });
    }
  };
  walk(top, "");
  return items;
}

const listOfKind = {
  activation: "activations",
  asset: "assets",
  configuration: "configurations",
  management: "management",
} as const satisfies Record<DeclarationKind, string>;

type Room = { left: number };

function processedOf(value: Json): NonNullable<StatusReport["declarations"]> {
  const lists = isDict(value) ? value : {};
  const room = { left: reasonsRoom };
  let count = 0;
  return Object.fromEntries(
    declarationKinds.flatMap((kind) => {
      const list = lists[listOfKind[kind]];
      if (!Array.isArray(list)) return [];
      const some = list.slice(0, mostDeclarations - count);
      count += some.length;
      return [[kind, some.flatMap((entry) => processed(entry, room))]];
    }),
  );
}

function processed(entry: Json, room: Room): Processed[] {
  if (!isDict(entry)) return [];
  const { identifier, "server-token": serverToken, active, valid, reasons } = entry;
  if (!isName(identifier, longestKey) || !isName(serverToken, longestKey)) return [];
  const isValid = valid === "valid" || valid === "invalid" ? valid : "unknown";
  const why = reasonsOf(reasons, room);
  return [{ identifier, serverToken, active: active === true, valid: isValid, reasons: why }];
}

function errorsOf(errors: Json | undefined): StatusError[] {
  if (!Array.isArray(errors)) return [];
  const room = { left: reasonsRoom };
  return errors.slice(0, mostErrors).flatMap((error) => {
    if (!isDict(error) || !isName(error.StatusItem)) return [];
    return [{ item: error.StatusItem, reasons: reasonsOf(error.Reasons, room) }];
  });
}

function reasonsOf(reasons: Json | undefined, room: Room): Reason[] {
  if (!Array.isArray(reasons)) return [];
  const whole = reasons.slice(0, mostReasons).flatMap(reasonOf);
  room.left -= JSON.stringify(whole).length;
  return room.left >= 0 ? whole : whole.slice(0, 1).map(({ code }) => ({ code }));
}

function reasonOf(reason: Json): Reason[] {
  if (!isDict(reason)) return [];
  const code = reason.code ?? reason.Code;
  if (!isName(code)) return [];
  const description = reason.description ?? reason.Description;
  const details = reason.details ?? reason.Details;
  return [
    {
      code,
      ...(typeof description === "string" && { description: description.slice(0, longestText) }),
      ...(isDict(details) && shortDetails(details)),
    },
  ];
}

/** The beginning of long details, as text. */
function shortDetails(details: Dict): Pick<Reason, "details"> {
  const text = JSON.stringify(details);
  return { details: text.length <= longestText ? details : { text: text.slice(0, longestText) } };
}

type Dict = { [key: string]: Json };

const isDict = (value: Json | undefined): value is Dict =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isName = (value: Json | undefined, longest = longestName): value is string =>
  typeof value === "string" && value !== "" && value.length <= longest;
