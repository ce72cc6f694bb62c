// A device of a backup, as the check-in messages that it once sent. They are written as XML, since some of NanoMDM's
// databases take nothing else.
import { type Bytes, fromBase64 } from "../../src/base/bytes.ts";
import { ok, type Result, refuse } from "../../src/base/result.ts";
import { open, type SealKeys } from "../../src/pki/seal.ts";
import { deviceContext } from "../../src/pki/seal-contexts.ts";
import { readPlist } from "../../src/plist/read.ts";
import type { PlistDict, PlistValue } from "../../src/plist/value.ts";
import { writePlist } from "../../src/plist/write.ts";

type Row = { [column: string]: unknown };

/** The part of a device in a backup (docs/backup.md) that is read here. */
export type SavedDevice = {
  id: string;
  tables: { [Table in "device" | "channels" | "escrow" | "messages"]: Row[] };
};

export type Message = { about: string; body: string };
export type Moved = { generation: number; messages: Message[] };
export type LeftOut = { reason: "left" | "failed"; detail: string };

/** What says whose a message is. */
const identifiers = ["UDID", "EnrollmentID"];

export async function messagesOf(
  { id, tables }: SavedDevice,
  keys: SealKeys,
): Promise<Result<Moved, LeftOut>> {
  const [device] = tables.device;
  if (device?.state !== "enrolled") return refuse({ reason: "left", detail: "left out: it is not enrolled" });
  const opened = (what: string, name: string, value: unknown) => openValue(keys, id, [what, name], value);
  const messageOf = async (type: string, userId: string): Promise<PlistDict | undefined> => {
    const row = tables.messages.find((one) => one.message_type === type && one.user_id === userId);
    const bytes = row && (await opened("message", type, row.body));
    return bytes && dictIn(bytes);
  };
  const authenticate = await messageOf("Authenticate", "");
  if (authenticate === undefined)
    return refuse({
      reason: "failed",
      detail: "failed: its Authenticate is not kept, or not under this MASTER_KEY",
    });
  const escrowed = async (name: string): Promise<Bytes | undefined> => {
    const row = newestOf(tables.escrow, name, device.generation);
    return row && opened("escrow", name, row.value);
  };
  const messages = [written("Authenticate", authenticate)];
  const channels = tables.channels.filter(({ enabled }) => enabled === 1);
  for (const { user_id } of channels.sort((one, other) => lengthOf(one) - lengthOf(other))) {
    const userId = String(user_id);
    const update = await messageOf("TokenUpdate", userId);
    if (update === undefined) continue;
    // A phone sends it once; the last TokenUpdate may have come without.
    const unlockToken = userId === "" ? await escrowed("unlock-token") : undefined;
    if (unlockToken && !update.has("UnlockToken")) update.set("UnlockToken", unlockToken);
    messages.push(written(userId === "" ? "TokenUpdate" : `TokenUpdate of ${userId}`, update));
    const bootstrapToken = userId === "" ? await escrowed("bootstrap-token") : undefined;
    if (bootstrapToken)
      messages.push(written("SetBootstrapToken", setBootstrap(authenticate, bootstrapToken)));
  }
  return ok({ generation: Number(device.generation), messages });
}

const lengthOf = ({ user_id }: Row): number => String(user_id).length;

const newestOf = (rows: readonly Row[], name: string, generation: unknown): Row | undefined =>
  rows
    .filter((row) => row.name === name && row.generation === generation && row.confirmed === 1)
    .sort((one, other) => Number(other.id) - Number(one.id))[0];

async function openValue(
  keys: SealKeys,
  deviceId: string,
  [what, name]: readonly [string, string],
  value: unknown,
): Promise<Bytes | undefined> {
  const sealed =
    typeof value === "object" && value !== null && "base64" in value
      ? fromBase64(String(value.base64))
      : undefined;
  const read = sealed && (await open(keys, deviceContext(deviceId, what, [name]), sealed));
  return read?.ok ? read.value : undefined;
}

function dictIn(bytes: Bytes): PlistDict | undefined {
  const read = readPlist(bytes);
  return read.ok && read.value instanceof Map ? read.value : undefined;
}

function setBootstrap(authenticate: PlistDict, token: Bytes): PlistDict {
  const whose = identifiers.flatMap((name): [string, PlistValue][] => {
    const value = authenticate.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return new Map<string, PlistValue>([
    ["MessageType", "SetBootstrapToken"],
    ...whose,
    ["BootstrapToken", token],
  ]);
}

const written = (about: string, dict: PlistDict): Message => ({
  about,
  body: Buffer.from(writePlist(dict)).toString(),
});
