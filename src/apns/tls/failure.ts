/**
 * Every way in which a TLS connection can fail, and the alert that tells the server (RFC 8446 section 6).
 *
 * The surprise: inside `tls/` failures are thrown, not returned. A handshake has some sixty places to fail and all of them
 * end the connection at once; client.ts turns the one that happened into a refusal.
 */
const alertOfFailure = {
  /** The server's bytes are not TLS, or not the message they claim to be. */
  malformed: 50,
  "record-too-long": 22,
  "unexpected-message": 10,
  "bad-record": 20,
  "illegal-parameter": 47,
  "missing-extension": 109,
  "unsupported-extension": 110,
  "unsupported-version": 70,
  downgraded: 47,
  "no-application-protocol": 120,
  renegotiation: 100,
  "bad-signature": 51,
  "bad-finished": 51,
  "server-certificate-malformed": 42,
  "server-certificate-expired": 45,
  "server-certificate-untrusted": 48,
  "server-name-mismatch": 42,
  "client-certificate-not-requested": 40,
  "client-key-not-accepted": 40,
  "record-limit": 80,
  /** The server sent a fatal alert about our certificate. */
  "client-certificate-refused": undefined,
  /** The server sent another fatal alert. */
  alert: undefined,
  /** The bytes ended without a goodbye: by accident, or because somebody cut them off. */
  "cut-off": undefined,
} as const;

export type TlsFailureReason = keyof typeof alertOfFailure;

export class TlsFailure extends Error {
  override readonly name = "TlsFailure";
  readonly reason: TlsFailureReason;

  constructor(reason: TlsFailureReason, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.reason = reason;
  }

  /** Whether this is what the server told us, and not what we found. */
  get isAlert(): boolean {
    return this.reason === "alert" || this.reason === "client-certificate-refused";
  }

  /** What to tell the server; undefined when it has nothing left to hear. */
  get alert(): number | undefined {
    return alertOfFailure[this.reason];
  }
}

export const closeNotify = 0;
export const userCanceled = 90;

const alertNames: Readonly<Record<number, string>> = {
  0: "close_notify",
  10: "unexpected_message",
  20: "bad_record_mac",
  22: "record_overflow",
  40: "handshake_failure",
  42: "bad-certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  49: "access_denied",
  50: "decode_error",
  51: "decrypt_error",
  70: "protocol_version",
  71: "insufficient_security",
  80: "internal_error",
  86: "inappropriate_fallback",
  90: "user_canceled",
  100: "no_renegotiation",
  109: "missing_extension",
  110: "unsupported_extension",
  112: "unrecognized_name",
  113: "bad_certificate_status_response",
  116: "certificate_required",
  120: "no_application_protocol",
};

const alertsAboutOurCertificate: ReadonlySet<number> = new Set([42, 43, 44, 45, 46, 48, 49, 116]);

/** The failure that a fatal alert of the server's means. */
export function failureOfAlert(description: number): TlsFailure {
  const name = alertNames[description] ?? `alert ${description}`;
  return alertsAboutOurCertificate.has(description)
    ? new TlsFailure("client-certificate-refused", `the server refused the client certificate: ${name}`)
    : new TlsFailure("alert", `the server ended the connection: ${name}`);
}
