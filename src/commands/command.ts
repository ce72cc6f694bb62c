import type { Bytes } from "../base/bytes.ts";
import { ok, type Result, refuse } from "../base/result.ts";
import { forbiddenPlace } from "../plist/characters.ts";
import { readPlist } from "../plist/read.ts";
import type { PlistDict, PlistInput } from "../plist/value.ts";
import { writePlist } from "../plist/write.ts";

/**
 * A command as devices get it: `{CommandUUID, Command: {RequestType, ...}}`.
 * https://developer.apple.com/documentation/devicemanagement/commands-and-queries
 */
export type MdmCommand = { uuid: string; requestType: string; body: Bytes };

/** A command that was read and not changed yet. */
export type RawCommand = { uuid: string; requestType: string; payload: PlistDict };

export type RawCommandRefusal = {
  reason: "not-a-plist" | "not-a-command" | "command-too-large" | "forbidden-character";
  detail: string;
  /** The place in the property list, if it is one place. */
  pointer?: string;
};

/** The limit of a row in the device's object, minus the bytes that sealing adds. */
const largestCommand = 1_500_000;
const longestUuid = 200;

export function buildCommand(
  requestType: string,
  payload: { [key: string]: PlistInput } | PlistDict,
  uuid: string = crypto.randomUUID().toUpperCase(),
): Result<MdmCommand, RawCommandRefusal> {
  const entries = payload instanceof Map ? payload : Object.entries(payload);
  const command = new Map<string, PlistInput>([["RequestType", requestType], ...entries]);
  const body = writePlist({ Command: command as PlistDict, CommandUUID: uuid });
  if (body.length > largestCommand) {
    const detail = `the command has ${body.length} bytes; a device gets at most ${largestCommand}`;
    return refuse({ reason: "command-too-large", detail });
  }
  return ok({ uuid, requestType, body });
}

/**
 * A command in a request, as a property list: the whole command or only the content of `Command`. A CommandUUID in it is
 * kept, so that sending the same file twice queues one command.
 */
export function readRawCommand(bytes: Uint8Array): Result<RawCommand, RawCommandRefusal> {
  const read = readPlist(bytes);
  if (!read.ok)
    return refuse({
      reason: "not-a-plist",
      detail: `the body is not a property list: ${read.refusal.reason}`,
    });
  if (!(read.value instanceof Map)) return notACommand("the property list is not a dictionary");
  const command = read.value.get("Command") ?? read.value;
  if (!(command instanceof Map)) return notACommand("Command is not a dictionary");
  const requestType = command.get("RequestType");
  if (typeof requestType !== "string" || requestType === "") return notACommand("Command has no RequestType");
  const uuid = read.value.get("CommandUUID") ?? crypto.randomUUID().toUpperCase();
  if (typeof uuid !== "string" || uuid === "" || uuid.length > longestUuid) {
    return notACommand(`CommandUUID is not a string of 1 to ${longestUuid} characters`);
  }
  const place = forbiddenPlace(read.value);
  if (place) return refuse({ reason: "forbidden-character", ...place });
  const payload = new Map(command);
  payload.delete("RequestType");
  return ok({ uuid, requestType, payload });
}

const notACommand = (detail: string): { ok: false; refusal: RawCommandRefusal } =>
  refuse({ reason: "not-a-command", detail });
