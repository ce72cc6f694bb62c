// GetCACaps (RFC 8894 section 3.5.2). One keyword in each line, spelled exactly: iOS looks for whole lines. It picks the
// strongest offered digest, so SHA-512 is left out: every Apple system is known to accept SHA-256 replies.
// Policy decides what the server accepts, because this answer is not authenticated.

const keywords = ["POSTPKIOperation", "SHA-256", "AES", "Renewal", "SCEPStandard"];
const legacyKeywords = ["SHA-1", "DES3"];

export const capabilities = (legacyCiphers: boolean): string =>
  [...keywords, ...(legacyCiphers ? legacyKeywords : [])].map((keyword) => `${keyword}\n`).join("");
