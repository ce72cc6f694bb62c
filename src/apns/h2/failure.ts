/** RFC 9113 section 7. */
export const errorCodes = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const;

export type ErrorCode = keyof typeof errorCodes;

const namesByCode = new Map<number, ErrorCode>(
  Object.entries(errorCodes).map(([name, code]) => [code, name as ErrorCode]),
);

/** Unknown codes are to be treated as INTERNAL_ERROR (RFC 9113 section 7). */
export const errorName = (code: number): ErrorCode => namesByCode.get(code) ?? "INTERNAL_ERROR";

/** What the server did that ends the whole connection. Thrown inside `h2/`, a value beyond it. */
export class Http2Failure extends Error {
  override readonly name = "Http2Failure";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
