// What can go wrong, as classes that a program tells apart with `instanceof`.
/** The server refused (RFC 9457). `code` is the name of the problem, such as `not-found`. */
export class ProblemError extends Error {
    name = "ProblemError";
    problem;
    constructor(problem) {
        super(problem.detail || problem.title);
        this.problem = problem;
    }
    get status() {
        return this.problem.status;
    }
    get code() {
        return this.problem.type.replace(/^.*#problem-/, "");
    }
}
/** Nothing answered: no connection, or not in time. */
export class UnreachableError extends Error {
    name = "UnreachableError";
    constructor(origin, cause) {
        super(`${origin} does not answer: ${reasonOf(cause)}`, { cause });
    }
}
/** Something answered that is not edgemdm, such as a page of a proxy in front of it. */
export class StrangeAnswerError extends Error {
    name = "StrangeAnswerError";
    status;
    constructor(origin, answer) {
        super(answer.headers.has("cf-mitigated")
            ? `Cloudflare challenges this program at ${origin}: turn Bot Fight Mode off, or exempt the API`
            : `${origin} answers ${answer.status}, and not as edgemdm does: is it the right address?`);
        this.status = answer.status;
    }
}
/** The reason of a failed `fetch` is the cause of its error, in Node. */
function reasonOf(fault) {
    const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
    if (!(cause instanceof Error))
        return String(cause);
    return cause.message || String(cause.code ?? cause.name);
}
