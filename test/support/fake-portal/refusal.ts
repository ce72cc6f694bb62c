/** What the portal's API refuses, as JSON:API says it. */
export class PortalRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail = code) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  toResponse(headers: Record<string, string> = {}): Response {
    const error = {
      id: crypto.randomUUID(),
      status: String(this.status),
      code: this.code,
      title: "Refused",
      detail: this.message,
    };
    return Response.json({ errors: [error] }, { status: this.status, headers });
  }
}
