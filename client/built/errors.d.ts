export type ProblemDetails = {
    type: string;
    title: string;
    status: number;
    detail: string;
    request_id: string;
    errors?: readonly {
        pointer: string;
        code: string;
        detail: string;
        in?: "query" | "path" | "header";
    }[];
    [member: string]: unknown;
};
/** The server refused (RFC 9457). `code` is the name of the problem, such as `not-found`. */
export declare class ProblemError extends Error {
    readonly name = "ProblemError";
    readonly problem: ProblemDetails;
    constructor(problem: ProblemDetails);
    get status(): number;
    get code(): string;
}
/** Nothing answered: no connection, or not in time. */
export declare class UnreachableError extends Error {
    readonly name = "UnreachableError";
    constructor(origin: string, cause: unknown);
}
/** Something answered that is not edgemdm, such as a page of a proxy in front of it. */
export declare class StrangeAnswerError extends Error {
    readonly name = "StrangeAnswerError";
    readonly status: number;
    constructor(origin: string, answer: Response);
}
