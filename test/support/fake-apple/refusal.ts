/** What Apple says instead of an answer: a status and a bare word. */
export class AppleRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

export const badRequest = (code: string): AppleRefusal => new AppleRefusal(400, code);
