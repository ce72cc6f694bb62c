// DeviceInformation asked for an attestation: certificates by Apple, leaf first, and what was to be attested with it.
import type { Bytes } from "../../base/bytes.ts";
import type { ResultReader } from "./result-facts.ts";

const query = "DevicePropertiesAttestation";

export const attestation: ResultReader = ({ command, result, userId }) => {
  const queries = command.get("Queries");
  if (userId !== "" || !Array.isArray(queries) || !queries.includes(query)) return undefined;
  const answers = result.get("QueryResponses");
  const answer = answers instanceof Map ? answers.get(query) : undefined;
  const chain = Array.isArray(answer) ? answer.filter((one) => one instanceof Uint8Array).map(own) : [];
  const nonce = command.get("DeviceAttestationNonce");
  return { attestation: { chain, ...(nonce instanceof Uint8Array && { nonce: own(nonce) }) } };
};

const own = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);
