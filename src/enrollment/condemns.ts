/**
 * Whether a revocation takes with it what the certificate was renewed by. One that was superseded did nothing wrong; for
 * any other reason (RFC 5280 section 5.3.1) nobody knows who asked for the renewals.
 */
export const condemnsRenewals = (reason: string): boolean => reason !== harmlessReason;

export const harmlessReason = "superseded";
