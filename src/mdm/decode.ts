import { ok, type Result, refuse } from "../base/result.ts";
import { readEnvelope } from "../plist/envelope.ts";
import { readPlist } from "../plist/read.ts";
import type { PlistDict } from "../plist/value.ts";
import { type ChannelReference, type ChannelRefusal, readChannel } from "./channel.ts";
import { type Checkin, type CheckinRefusal, decodeCheckin } from "./checkin.ts";
import { decodeReport, type Report, undecodable } from "./report.ts";

/**
 * Turns a request body into a typed message. One URL may serve check-in and connect: only the body decides, because the
 * device has signed the body and not the media type. For a body that cannot be read, the media type says what it was meant
 * to be (one type is a prefix of the other, so it is compared completely).
 */
export type DeviceMessage =
  | { as: "checkin"; channel: ChannelReference | undefined; checkin: Checkin }
  | { as: "report"; channel: ChannelReference | undefined; report: Report };

export type DecodeRefusal =
  | { reason: "not-a-plist"; detail: string }
  | { reason: "not-a-message"; detail: string }
  | { reason: "body-too-large"; detail: string }
  | CheckinRefusal
  | ChannelRefusal;

export const checkinType = "application/x-apple-aspen-mdm-checkin";
export const connectType = "application/x-apple-aspen-mdm";

/** Bodies up to this size are read completely; for a larger report only the envelope is read. */
export const wholeBody = 256 * 1024;
const largestCheckin = 1024 * 1024;
const largestStatusReport = 4 * 1024 * 1024;

export function decodeMessage(
  contentType: string | undefined,
  body: Uint8Array,
): Result<DeviceMessage, DecodeRefusal> {
  // Downloads are signed over an empty body: such a signature must not be accepted as a message.
  if (body.length === 0) return refuse({ reason: "not-a-plist", detail: "the body is empty" });
  const dict = readDict(contentType, body);
  if (!dict.ok) return isReportType(contentType) ? ok(unreadable(dict.refusal.detail)) : dict;
  const message = dict.value;
  const channel = readChannel(message);
  if (!channel.ok) return channel;
  const [isCheckin, isReport] = [message.has("MessageType"), message.has("Status")];
  if (isCheckin && !isReport) return decodeAsCheckin(message, channel.value, body.length);
  if (isReport && !isCheckin) return decodeAsReport(message, channel.value);
  const detail = `the property list has ${isReport ? "both" : "neither"} MessageType ${isReport ? "and" : "nor"} Status`;
  return refuse({ reason: "not-a-message", detail });
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

const mediaType = (contentType: string | undefined): string | undefined =>
  contentType?.split(";")[0]?.trim().toLowerCase();

function decodeAsCheckin(
  message: PlistDict,
  channel: ChannelReference | undefined,
  size: number,
): Result<DeviceMessage, DecodeRefusal> {
  const checkin = decodeCheckin(message);
  if (!checkin.ok) return checkin;
  const { value } = checkin;
  const isStatus = value.MessageType === "DeclarativeManagement" && value.Endpoint === "status";
  // A device repeats a message without a 200: so a status report of any size is accepted, even if it is not stored.
  if (size > largestCheckin && !isStatus) {
    return refuse({
      reason: "body-too-large",
      detail: `a ${value.MessageType} of ${size} bytes is too large`,
    });
  }
  // Bootstrap-token messages have no identifier in Apple's schema; their identity says which device sent them.
  if (channel === undefined && !routedByIdentity.has(value.MessageType)) return nobody(value.MessageType);
  return ok({ as: "checkin", channel, checkin: value });
}

const routedByIdentity: ReadonlySet<string> = new Set(["SetBootstrapToken", "GetBootstrapToken"]);

function decodeAsReport(
  message: PlistDict,
  channel: ChannelReference | undefined,
): Result<DeviceMessage, DecodeRefusal> {
  if (channel === undefined) return nobody("a report");
  return ok({ as: "report", channel, report: decodeReport(message) });
}

const isReportType = (contentType: string | undefined): boolean => mediaType(contentType) === connectType;

/** A signed report that is not a property list: its identity says which device sent it. */
const unreadable = (why: string): DeviceMessage => ({
  as: "report",
  channel: undefined,
  report: undecodable(why),
});

const nobody = (what: string): { ok: false; refusal: DecodeRefusal } =>
  refuse({ reason: "no-identifier", detail: `${what} needs a UDID or an EnrollmentID` });
