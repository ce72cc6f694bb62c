// GetCACaps (RFC 8894 section 3.5.2). One keyword a line, exactly spelled: iOS looks for whole lines. It picks the
// strongest digest offered, so SHA-512 is left out: SHA-256 replies are the ones every Apple system is known to take.
// What is accepted is another matter, decided by policy: this answer is not authenticated.

const keywords = ["POSTPKIOperation", "SHA-256", "AES", "Renewal", "SCEPStandard"];
const legacyKeywords = ["SHA-1", "DES3"];

export const capabilities = (legacyCiphers: boolean): string =>
  [...keywords, ...(legacyCiphers ? legacyKeywords : [])].map((keyword) => `${keyword}\n`).join("");
