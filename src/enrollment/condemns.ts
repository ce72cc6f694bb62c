/**
 * Whether a revocation includes the renewals of the certificate. A superseded certificate was never misused; for any
 * other reason (RFC 5280 section 5.3.1) nobody knows who requested the renewals.
 */
export const condemnsRenewals = (reason: string): boolean => reason !== harmlessReason;

export const harmlessReason = "superseded";
