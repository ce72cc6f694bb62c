/** CRLReason (RFC 5280 section 5.3.1), the ones that are said of devices. */
export const crlReasons = {
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
} as const;
export type CrlReason = keyof typeof crlReasons;
