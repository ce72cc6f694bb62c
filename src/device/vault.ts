import { type Bytes, concat, utf8 } from "../base/bytes.ts";
import { ok } from "../base/result.ts";
import { buildPairingToken } from "../mdm/pairing-token.ts";
import { open, openOwn, reseal, seal } from "../pki/seal.ts";
import { deviceContext } from "../pki/seal-contexts.ts";
import type { DeviceKeys } from "./sealing.ts";
import type { StoredResult } from "./store/rows.ts";

/**
 * How messages from and to a device are stored in the object: sealed, with large results compressed and split.
 *
 * All of this awaits, so it happens before a turn reads the store or after it has written.
 */
export type Vault = ReturnType<typeof deviceVault>;

/** For a larger report the request reads only the envelope; the alarm does the rest. */
export const largeResult = 256 * 1024;
/** A larger result is not stored: only its arrival and its beginning. */
export const truncatedResult = 10 * 1024 * 1024;

const worthCompressing = 4 * 1024;
const partSize = 1024 * 1024;
const keptOfTruncated = 64 * 1024;

export type DeclarationKey = readonly [userId: string, identifier: string, serverToken: string];

export function deviceVault({ held, sealing }: Pick<DeviceKeys, "held" | "sealing">, deviceId: string) {
  const sealFor = async (what: string, whose: readonly string[], secret: Uint8Array): Promise<Bytes> =>
    seal(await sealing(), deviceContext(deviceId, what, whose), secret);
  const openFor = async (what: string, whose: readonly string[], sealed: ArrayBuffer): Promise<Bytes> =>
    openOwn(await held(), deviceContext(deviceId, what, whose), new Uint8Array(sealed));
  const tryFor = async (what: string, whose: readonly string[], sealed: ArrayBuffer) =>
    open(await held(), deviceContext(deviceId, what, whose), new Uint8Array(sealed));

  const sealParts = (uuid: string, bytes: Uint8Array): Promise<Bytes[]> =>
    Promise.all(split(bytes).map((part, index) => sealFor("result", [uuid, String(index)], part)));

  const sealText = async (what: string, whose: readonly string[], text: Bytes): Promise<Bytes> =>
    sealFor(what, whose, text.length > worthCompressing ? await gzip(text) : text);
  const openText = async (what: string, whose: readonly string[], sealed: ArrayBuffer): Promise<Bytes> =>
    inflated(await openFor(what, whose, sealed));
  const openParts = async (what: string, uuid: string, sealed: readonly ArrayBuffer[]): Promise<Bytes> =>
    inflated(
      concat(await Promise.all(sealed.map((part, index) => openFor(what, [uuid, String(index)], part)))),
    );

  return {
    sealCommand: (uuid: string, body: Uint8Array) => sealFor("command", [uuid], body),
    openCommand: (uuid: string, sealed: ArrayBuffer) => openFor("command", [uuid], sealed),
    /** For commands: one that does not open must not block the others. */
    tryCommand: (uuid: string, sealed: ArrayBuffer) => tryFor("command", [uuid], sealed),

    sealMessage: (messageType: string, body: Uint8Array) => sealFor("message", [messageType], body),
    openMessage: (messageType: string, sealed: ArrayBuffer) => openFor("message", [messageType], sealed),

    sealEscrow: (name: string, secret: Uint8Array) => sealFor("escrow", [name], secret),
    tryEscrow: (name: string, sealed: ArrayBuffer) => tryFor("escrow", [name], sealed),
    openEscrow: (name: string, sealed: ArrayBuffer) => openFor("escrow", [name], sealed),

    /** Seals a value for a backup that is not sealed in the object. */
    sealExported: (column: string, userId: string, secret: Uint8Array) =>
      sealFor("exported", [column, userId], secret),
    openExported: async (column: string, userId: string, sealed: Uint8Array) =>
      open(await held(), deviceContext(deviceId, "exported", [column, userId]), sealed),

    sealInventory: (userId: string, name: string, text: Bytes) => sealText("inventory", [userId, name], text),
    openInventory: (userId: string, name: string, sealed: ArrayBuffer) =>
      openText("inventory", [userId, name], sealed),

    sealDeclaration: (whose: DeclarationKey, text: Bytes) => sealText("declaration", whose, text),
    async tryDeclaration(whose: DeclarationKey, sealed: ArrayBuffer) {
      const opened = await tryFor("declaration", whose, sealed);
      return opened.ok ? ok(await inflated(opened.value)) : opened;
    },

    sealStatusItem: (userId: string, path: string, text: Bytes) =>
      sealText("status-item", [userId, path], text),
    openStatusItem: (userId: string, path: string, sealed: ArrayBuffer) =>
      openText("status-item", [userId, path], sealed),

    /** Compressed, unless the device would have to wait for that. */
    async sealStatusReport(uuid: string, report: Bytes): Promise<Bytes[]> {
      const isSmall = report.length <= worthCompressing || report.length > largeResult;
      const parts = split(isSmall ? report : await gzip(report));
      return Promise.all(parts.map((part, index) => sealFor("status-report", [uuid, String(index)], part)));
    },
    openStatusReport: (uuid: string, sealed: readonly ArrayBuffer[]) =>
      openParts("status-report", uuid, sealed),

    /**
     * A token that a watch sends when it enrolls. Only this server can make one; it names the phone, the watch and the time.
     * Apple leaves the format to the server: it is sealed, so nobody else can read or change it.
     */
    sealPairing: async (parameters: { [key: string]: string }, now: number) =>
      buildPairingToken(
        deviceId,
        await sealFor("watch-pairing", [], utf8(JSON.stringify({ ...parameters, at: now }))),
      ),

    /** The key for sealing new values. */
    currentKey: async () => (await held()).current,
    resealed: async (what: string, whose: readonly string[], sealed: ArrayBuffer) =>
      reseal(await sealing(), deviceContext(deviceId, what, whose), new Uint8Array(sealed)),

    /** How a report is stored on arrival: quickly; for a large one the rest follows later. */
    async sealResult(uuid: string, report: Uint8Array): Promise<StoredResult> {
      const size = report.length;
      if (size > truncatedResult) {
        const head = report.subarray(0, keptOfTruncated);
        return { form: "truncated", size, whole: await sealFor("result", [uuid, "0"], head), parts: [] };
      }
      if (size > largeResult) return { form: "raw", size, whole: null, parts: await sealParts(uuid, report) };
      return this.sealCompressed(uuid, report);
    },

    /** The final form of a stored report. */
    async sealCompressed(uuid: string, report: Uint8Array): Promise<StoredResult> {
      const size = report.length;
      const bytes = size > worthCompressing ? await gzip(report) : report;
      const parts = await sealParts(uuid, bytes);
      const [first, ...rest] = parts;
      if (first !== undefined && rest.length === 0) return { form: "whole", size, whole: first, parts: [] };
      return { form: "parts", size, whole: null, parts };
    },

    openResult: (uuid: string, sealed: readonly ArrayBuffer[]) => openParts("result", uuid, sealed),
  };
}

function split(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += partSize)
    parts.push(bytes.subarray(at, at + partSize));
  return parts;
}

// A property list begins with `<`, `bplist`, white space or a byte order mark, never like this.
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const inflated = async (bytes: Bytes): Promise<Bytes> => (isGzip(bytes) ? gunzip(bytes) : bytes);

const gzip = (bytes: Uint8Array): Promise<Bytes> => through(new CompressionStream("gzip"), bytes);

const gunzip = (bytes: Uint8Array): Promise<Bytes> => through(new DecompressionStream("gzip"), bytes);

async function through(stream: CompressionStream | DecompressionStream, bytes: Uint8Array): Promise<Bytes> {
  const source = new Blob([bytes as Bytes]).stream();
  return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
}
