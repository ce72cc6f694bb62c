// What can go wrong, as classes that a program tells apart with `instanceof`.

export type ProblemDetails = {
  type: string;
  title: string;
  status: number;
  detail: string;
  request_id: string;
  errors?: readonly { pointer: string; code: string; detail: string; in?: "query" | "path" | "header" }[];
  [member: string]: unknown;
};

/** The server refused (RFC 9457). `code` is the name of the problem, such as `not-found`. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: ProblemDetails;

  constructor(problem: ProblemDetails) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.type.replace(/^.*#problem-/, "");
  }
}

/** Nothing answered: no connection, or not in time. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";

  constructor(origin: string, cause: unknown) {
    super(`${origin} does not answer: ${reasonOf(cause)}`, { cause });
  }
}

/** Something answered that is not edgemdm, such as a page of a proxy in front of it. */
export class StrangeAnswerError extends Error {
  override readonly name = "StrangeAnswerError";
  readonly status: number;

  constructor(origin: string, answer: Response) {
    super(
      answer.headers.has("cf-mitigated")
        ? `Cloudflare challenges this program at ${origin}: turn Bot Fight Mode off, or exempt the API`
        : `${origin} answers ${answer.status}, and not as edgemdm does: is it the right address?`,
    );
    this.status = answer.status;
  }
}

/** The reason of a failed `fetch` is the cause of its error, in Node. */
function reasonOf(fault: unknown): string {
  const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || String((cause as { code?: unknown }).code ?? cause.name);
}
