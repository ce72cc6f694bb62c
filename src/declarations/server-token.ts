import { sha256, toHex, utf8 } from "../base/bytes.ts";
import { canonicalJson } from "./canonical-json.ts";

/** Everything that a device can see of a declaration, and everything that must make it fetch it again. */
export type ServerTokenInput = {
  type: string;
  identifier: string;
  payload: unknown;
  /** Raised to make devices fetch an unchanged declaration again. */
  touches: number;
  /** Hashes of the data that the declaration refers to, if any. */
  data: readonly string[];
};

/** 64 hexadecimal digits, as long as a token may be. Equal exactly when the content is equal. */
export async function serverToken(input: ServerTokenInput): Promise<string> {
  const { type, identifier, payload, touches, data } = input;
  return toHex(await sha256(utf8(canonicalJson([type, identifier, payload, touches, data]))));
}
