import { ok, type Result, refuse } from "../base/result.ts";
import { readEnvelope } from "../plist/envelope.ts";
import { readPlist } from "../plist/read.ts";
import type { PlistDict } from "../plist/value.ts";
import { type Checkin, type CheckinRefusal, decodeCheckin } from "./checkin.ts";
import { decodeReport, type Report, undecodable } from "./report.ts";
import { readSpeaker, type Speaker, type SpeakerRefusal } from "./speaker.ts";

/**
 * A request body becomes a typed message. One URL may serve check-in and connect: the media type tells them apart
 * (one is a textual prefix of the other, so it is compared whole), and where it is missing or wrong, the body does.
 */
export type DeviceMessage =
  | { as: "checkin"; speaker: Speaker | undefined; checkin: Checkin }
  | { as: "report"; speaker: Speaker | undefined; report: Report };

export type DecodeRefusal =
  | { reason: "not-a-plist"; detail: string }
  | { reason: "not-a-message"; detail: string }
  | { reason: "body-too-large"; detail: string }
  | CheckinRefusal
  | SpeakerRefusal;

export const checkinType = "application/x-apple-aspen-mdm-checkin";
export const connectType = "application/x-apple-aspen-mdm";

/** Bodies up to here are read whole; of a larger report only the envelope is. */
export const wholeBody = 256 * 1024;
const largestCheckin = 1024 * 1024;
const largestStatusReport = 4 * 1024 * 1024;

export function decodeMessage(
  contentType: string | undefined,
  body: Uint8Array,
): Result<DeviceMessage, DecodeRefusal> {
  const dict = readDict(contentType, body);
  if (!dict.ok) return isReport(contentType) ? ok(unreadable(dict.refusal.detail)) : dict;
  const message = dict.value;
  const speaker = readSpeaker(message);
  if (!speaker.ok) return speaker;
  switch (kindOf(contentType, message)) {
    case "checkin":
      return decodeAsCheckin(message, speaker.value, body.length);
    case "report":
      return decodeAsReport(message, speaker.value);
    default:
      return refuse({
        reason: "not-a-message",
        detail: "the property list has neither MessageType nor Status",
      });
  }
}

function readDict(contentType: string | undefined, body: Uint8Array): Result<PlistDict, DecodeRefusal> {
  const isCheckin = mediaType(contentType) === checkinType;
  const envelopeOnly = body.length > (isCheckin ? largestStatusReport : wholeBody);
  const read = envelopeOnly ? readEnvelope(body) : readPlist(body, { bytes: largestStatusReport });
  if (!read.ok)
    return refuse({
      reason: "not-a-plist",
      detail: `the body is not a property list: ${read.refusal.reason}`,
    });
  return read.value instanceof Map
    ? ok(read.value)
    : refuse({ reason: "not-a-message", detail: "the property list is not a dictionary" });
}

function kindOf(contentType: string | undefined, message: PlistDict): DeviceMessage["as"] | undefined {
  const type = mediaType(contentType);
  if (type === checkinType && message.has("MessageType")) return "checkin";
  if (type === connectType && message.has("Status")) return "report";
  if (message.has("MessageType")) return "checkin";
  return message.has("Status") ? "report" : undefined;
}

const mediaType = (contentType: string | undefined): string | undefined =>
  contentType?.split(";")[0]?.trim().toLowerCase();

function decodeAsCheckin(
  message: PlistDict,
  speaker: Speaker | undefined,
  size: number,
): Result<DeviceMessage, DecodeRefusal> {
  const checkin = decodeCheckin(message);
  if (!checkin.ok) return checkin;
  const { value } = checkin;
  const isStatus = value.MessageType === "DeclarativeManagement" && value.Endpoint === "status";
  // A device repeats what is not answered well: a status report is taken whatever its size, if not kept.
  if (size > largestCheckin && !isStatus) {
    return refuse({
      reason: "body-too-large",
      detail: `a ${value.MessageType} of ${size} bytes is too large`,
    });
  }
  // Apple's schema gives the bootstrap-token messages no identifier; their identity tells whose they are.
  if (speaker === undefined && !routedByIdentity.has(value.MessageType)) return nobody(value.MessageType);
  return ok({ as: "checkin", speaker, checkin: value });
}

const routedByIdentity: ReadonlySet<string> = new Set(["SetBootstrapToken", "GetBootstrapToken"]);

function decodeAsReport(
  message: PlistDict,
  speaker: Speaker | undefined,
): Result<DeviceMessage, DecodeRefusal> {
  if (speaker === undefined) return nobody("a report");
  return ok({ as: "report", speaker, report: decodeReport(message) });
}

const isReport = (contentType: string | undefined): boolean => mediaType(contentType) === connectType;

/** A signed report that is no property list: whose identity signed it is who sent it. */
const unreadable = (why: string): DeviceMessage => ({
  as: "report",
  speaker: undefined,
  report: undecodable(why),
});

const nobody = (what: string): { ok: false; refusal: DecodeRefusal } =>
  refuse({ reason: "no-identifier", detail: `${what} needs a UDID or an EnrollmentID` });
