import { readJson } from "../base/json.ts";
import { checkCredential } from "../catalog/check.ts";
import { variablesOfFile } from "./asset-variables.ts";
import { unknownVariables } from "./check-variables.ts";
import { type DeclarationFinding, found } from "./declaration-findings.ts";

/** The documents that credential assets refer to, by the type of the asset. */
const documents: Record<string, string> = {
  "com.apple.asset.credential.userpassword": "com.apple.credential.usernameandpassword",
  "com.apple.asset.credential.identity": "com.apple.credential.identity",
  "com.apple.asset.credential.scep": "com.apple.credential.scep",
  "com.apple.asset.credential.acme": "com.apple.credential.acme",
};

/** Errors in the data of an asset: its form, and for credentials the content of the document. */
export async function checkAssetData(
  type: string,
  bytes: Uint8Array,
  contentType: string,
): Promise<DeclarationFinding[]> {
  if (type === "com.apple.asset.credential.certificate") {
    const taken = ["application/pkcs1", "application/pem"];
    return taken.includes(contentType) ? [] : [wrongType(contentType, taken)];
  }
  const document = documents[type];
  if (document === undefined) return [];
  if (contentType !== "application/json") return [wrongType(contentType, ["application/json"])];
  const json = readJson(bytes);
  if (json === undefined) return [found("", "data-unreadable", "is not JSON")];
  return [
    ...(await checkCredential(document, json)),
    ...unknownVariables(variablesOfFile(bytes, contentType)),
  ];
}

const wrongType = (given: string, taken: readonly string[]): DeclarationFinding =>
  found("", "wrong-content-type", `the data is ${given}; devices take ${taken.join(" or ")}`);
