/**
 * What the runner calls a failure, and how ours begins that means the same. `malformed` stands for an alert decode_error, and
 * so on: which alert the server got is compared besides, where a test names one.
 */
export const errorMap: Readonly<Record<string, readonly string[]>> = {
  "": [""],
  ":BAD_ALERT:": ["malformed: an alert"],
  ":BAD_CHANGE_CIPHER_SPEC:": ["unexpected-message"],
  ":BAD_DECRYPT:": ["bad-record"],
  ":BAD_ECPOINT:": ["illegal-parameter: a key share"],
  ":BAD_SIGNATURE:": ["bad-signature"],
  ":CANNOT_PARSE_LEAF_CERT:": ["server-certificate-malformed"],
  ":DATA_LENGTH_TOO_LONG:": ["record-too-long"],
  ":DECODE_ERROR:": [
    "malformed",
    "illegal-parameter: KeyUpdate",
    "illegal-parameter: the server wants to compress",
    "missing-extension: CertificateRequest",
  ],
  ":DECRYPTION_FAILED_OR_BAD_RECORD_MAC:": [
    "bad-record",
    "unexpected-message: a record that holds only padding",
  ],
  ":DIGEST_CHECK_FAILED:": ["bad-finished"],
  ":DUPLICATE_EXTENSION:": ["illegal-parameter"],
  ":ENCRYPTED_LENGTH_TOO_LONG:": ["record-too-long"],
  ":EMPTY_HELLO_RETRY_REQUEST:": ["illegal-parameter: the server wants a key exchange"],
  ":ERROR_PARSING_EXTENSION:": ["malformed", "illegal-parameter"],
  ":EXCESS_HANDSHAKE_DATA:": ["unexpected-message"],
  ":HANDSHAKE_FAILURE_ON_CLIENT_HELLO:": ["alert: the server ended the connection: handshake_failure"],
  ":INVALID_OUTER_RECORD_TYPE:": ["unexpected-message: an unprotected record"],
  ":KEY_USAGE_BIT_INCORRECT:": ["server-certificate-untrusted"],
  ":MISSING_KEY_SHARE:": ["missing-extension"],
  ":NO_COMMON_SIGNATURE_ALGORITHMS:": ["client-key-not-accepted"],
  ":NO_RENEGOTIATION:": ["renegotiation"],
  ":PEER_DID_NOT_RETURN_A_CERTIFICATE:": ["server-certificate-malformed"],
  ":SERVER_ECHOED_INVALID_SESSION_ID:": ["illegal-parameter: a session"],
  ":TLS13_DOWNGRADE:": ["downgraded"],
  ":TLSV1_ALERT_RECORD_OVERFLOW:": ["alert: the server ended the connection: record_overflow"],
  ":TOO_MANY_EMPTY_FRAGMENTS:": ["unexpected-message: more than 32 records"],
  ":TOO_MANY_KEY_UPDATES:": ["unexpected-message: more than 32 messages"],
  ":TOO_MANY_WARNING_ALERTS:": ["alert:", "unexpected-message: more than 32 records"],
  ":UNEXPECTED_EXTENSION:": ["unsupported-extension", "illegal-parameter: the server chose suite"],
  ":UNEXPECTED_MESSAGE:": ["unexpected-message"],
  ":UNEXPECTED_RECORD:": ["unexpected-message"],
  ":UNKNOWN_CERTIFICATE_TYPE:": ["client-key-not-accepted"],
  ":UNKNOWN_ALERT_TYPE:": ["malformed: an alert"],
  ":UNSAFE_LEGACY_RENEGOTIATION_DISABLED:": ["missing-extension"],
  ":UNSUPPORTED_ALGORITHM:": ["server-certificate-untrusted"],
  ":UNSUPPORTED_COMPRESSION_ALGORITHM:": ["illegal-parameter: the server wants to compress"],
  ":UNSUPPORTED_PROTOCOL:": ["unsupported-version"],
  ":WRONG_CERTIFICATE_TYPE:": ["illegal-parameter: the server's key"],
  ":WRONG_CIPHER_RETURNED:": ["illegal-parameter: the server chose suite"],
  ":WRONG_CURVE:": [
    "illegal-parameter: the server chose group",
    "illegal-parameter: the server wants a key exchange",
  ],
  ":WRONG_SIGNATURE_TYPE:": ["illegal-parameter: signature scheme"],
};

/** Tests that fail and why they may; patterns of names, `*` for anything. */
export const listed: readonly { tests: readonly string[]; reason: string }[] = [
  {
    reason: "a share of every group goes with our first hello, so the server has no group left to ask for",
    tests: [
      "DisabledCurve-HelloRetryRequest-TLS13",
      "HelloRetryRequest-CipherChange-TLS13",
      "HelloRetryRequest-Cookie-Curve-TLS13",
      "HelloRetryRequest-DuplicateCurve-TLS13",
      "HelloRetryRequestVersionMismatch-TLS13",
      "PartialServerHelloWithHelloRetryRequest",
      "SecondHelloRetryRequest-TLS13",
      "SecondServerHello*-TLS13",
      "SkipHelloRetryRequest-TLS13",
      "TLS-ECH-Client-UnsolictedHRRExtension",
      "TLS13-HRR-InvalidCompressionMethod",
    ],
  },
  {
    reason: "the test wants a client that offers fewer groups than ours",
    tests: ["CheckLeafCurve", "UnsupportedCurve", "UnsupportedCurve-ServerHello-TLS13"],
  },
  {
    reason: "we offer no resumption, so the server sends no ticket that could be wrong",
    tests: [
      "SendEmptySessionTicket-TLS13",
      "SkipNewSessionTicket",
      "TLS13-Client-*TicketFlags",
      "TLS13-DuplicateTicketEarlyDataSupport",
      "TrailingMessageData-NewSessionTicket-TLS",
      "WrongMessageType-NewSessionTicket-TLS",
    ],
  },
  {
    reason: "once we have said goodbye the connection is closed, and nothing more is read",
    tests: [
      "Shutdown-Shim-ApplicationData-TLS-*",
      "Shutdown-Shim-HelloRequest-Reject-TLS-*",
      "Unclean-Shutdown",
      "Unclean-Shutdown-Alert",
    ],
  },
  {
    reason:
      "every alert but close_notify and user_canceled ends the connection, whatever level it claims (RFC 8446 section 6)",
    tests: [
      "AlternateEmptyRecordsAndWarningAlerts",
      "AlternateTooManyEmptyRecordsAndWarningAlerts",
      "SendBogusAlertType",
      "SendSNIWarningAlert",
      "SendWarningAlerts-Pass",
      "SendWarningAlerts-TLS13",
    ],
  },
  {
    reason: "32 records that bring nothing are our limit, for alerts too",
    tests: ["SendUserCanceledAlerts-TooMany-TLS13"],
  },
  {
    reason: "TLS 1.2 without the extended master secret (RFC 7627) is refused",
    tests: [
      "EmptyExtensions-ServerHello-TLS12",
      "NoExtendedMasterSecret-TLS12-Client",
      "OmitExtensions-ServerHello-TLS12",
    ],
  },
  {
    reason: "the version of a record is ignored (RFC 8446 section 5.1), and that of our first one is 1.2",
    tests: ["CheckRecordVersion-TLS1*", "VersionNegotiation-Client*-TLS13-TLS1*-TLS"],
  },
  {
    reason: "we make no signature with SHA-1 or over P-521",
    tests: [
      "Client-SignDefault-ECDSA_P521_SHA512-TLS13",
      "Client-SignDefault-ECDSA_SHA1-TLS12",
      "Client-SignDefault-RSA_PKCS1_SHA1-TLS12",
    ],
  },
  {
    reason: "the server must choose an old version, and knows no suite of ours for it: it gives up itself",
    tests: ["Downgrade-TLS1-Client-TLS", "Downgrade-TLS11-Client-TLS", "NoSSL3-Client-Unsolicited"],
  },
  {
    reason: "it is refused at its certificate, before its signature is looked at",
    tests: ["CertificateCipherMismatch-Ed25519", "Ed25519DefaultDisable-NoAccept"],
  },
  {
    reason:
      "refused, with another alert than BoringSSL's: the first of two unknown extensions is one too many",
    tests: ["DuplicateExtensionClient-TLS-TLS1*"],
  },
  {
    reason:
      "refused, with another alert than BoringSSL's: illegal_parameter, for an extension in the wrong message (RFC 8446 section 4.2)",
    tests: ["EncryptedExtensionsWithKeyShare-TLS13"],
  },
  {
    reason: "refused, with another alert than BoringSSL's: bad_certificate, for a certificate that is none",
    tests: ["GarbageCertificate-Client-TLS1*"],
  },
  {
    reason:
      "refused, with another alert than BoringSSL's: unexpected_message, for a record that is not protected",
    tests: ["UnencryptedEncryptedExtensions"],
  },
  {
    reason:
      "refused, with another alert than BoringSSL's: the server answers ALPN, which we do offer, with nonsense",
    tests: ["UnofferedExtension-Client*"],
  },
  {
    reason: "we always name the server, so its acknowledgement is never unsolicited",
    tests: ["UnsolicitedServerNameAck-TLS-TLS1*"],
  },
  { reason: "more than 8 certificates are refused", tests: ["LargeMessage"] },
  { reason: "our client always has a certificate", tests: ["NoClientCertificate-TLS1*"] },
  {
    reason: "the groups of a ServerHello in TLS 1.2, which some servers send against the RFC, are refused",
    tests: ["SupportedCurves-ServerHello-TLS12"],
  },
  {
    reason: "a mark by which one old Java server can be known; Apple's are no such servers",
    tests: ["Client-RejectJDK11DowngradeRandom"],
  },
];
