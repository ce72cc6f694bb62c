import { type Bytes, fromBase64, toBase64 } from "../base/bytes.ts";

// PEM (RFC 7468), read liberally: text around the blocks, and the headers of old encrypted keys, are no hindrance.

export type PemBlock = { label: string; headers: ReadonlyMap<string, string>; der: Bytes };

const block =
  /-----BEGIN ([A-Z0-9 ]{1,40})-----\r?\n((?:[A-Za-z-]+: .*\n)*)([A-Za-z0-9+/=\s]*)-----END \1-----/g;

/** The blocks of a text in their order; one whose base64 is broken is left out. */
export const readPem = (text: string): PemBlock[] =>
  [...text.matchAll(block)].flatMap(([, label = "", headers = "", base64 = ""]) => {
    const der = fromBase64(base64);
    return der ? [{ label, headers: readHeaders(headers), der }] : [];
  });

const readHeaders = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^([A-Za-z-]+): (.*?)\r?$/gm)].map(([, name = "", value = ""]) => [name, value]));

export const toPem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${toBase64(der).replace(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;
