import * as v from "valibot";
import { fromBase64 } from "../../../base/bytes.ts";
import { ok, type Result, refuse } from "../../../base/result.ts";
import type { GivenCredential } from "../../../push/read-credential.ts";
import type { RequestError } from "../route/request-error.ts";

/** A certificate with its key, as JSON takes it: PEM, or a PKCS#12 file in base64. */
const pem = (what: string) => v.pipe(v.string(), v.maxLength(100_000), v.description(what));

export const credentialEntries = {
  certificate: v.optional(pem("PEM; further certificates in it are its chain")),
  private_key: v.optional(pem("PEM: PKCS#8, PKCS#1 or SEC 1, encrypted or not")),
  pkcs12: v.optional(pem("Instead of both: a PKCS#12 file, base64")),
  password: v.optional(
    v.pipe(v.string(), v.maxLength(1_000), v.description("The password of the key or the file")),
  ),
};

type CredentialJson = {
  certificate?: string | undefined;
  private_key?: string | undefined;
  pkcs12?: string | undefined;
  password?: string | undefined;
};

/** `keyNeeded`: the key must be in the request, because the server cannot have it. */
export function givenCredential(
  { certificate, private_key, pkcs12, password }: CredentialJson,
  keyNeeded: boolean,
): Result<GivenCredential, RequestError> {
  const wrong = (pointer: string, code: string, detail: string) => refuse({ pointer, code, detail });
  if (pkcs12 !== undefined) {
    if (certificate !== undefined || private_key !== undefined)
      return wrong("/pkcs12", "contradiction", "contains the certificate and its key; leave the others out");
    const file = fromBase64(pkcs12);
    if (file === undefined) return wrong("/pkcs12", "base64", "must be base64");
    return ok({ form: "pkcs12", file, password: password ?? "" });
  }
  if (certificate === undefined) return wrong("/certificate", "required", "is missing");
  if (private_key === undefined && keyNeeded) return wrong("/private_key", "required", "is missing");
  return ok({ form: "pem", text: `${certificate}\n${private_key ?? ""}`, password });
}

/** What is wrong with it: by the field of the JSON, or in words for a body that is text. */
export const credentialError = (
  { reason, field, detail }: { reason: string; field: string; detail: string },
  isJson: boolean,
): RequestError => ({
  pointer: isJson ? `/${field}` : "",
  code: reason,
  detail: isJson ? detail : `${field}: ${detail}`,
});
