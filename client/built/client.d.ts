import type { Operations } from "../api.d.ts";
export type ClientOptions = {
    /** Such as `https://mdm.example.com`. */
    origin: string;
    token: string;
    /** How often a request is sent at most; 4 unless set. */
    tries?: number;
    /** For each try; a minute unless set. */
    timeoutMs?: number;
    /** In place of the platform's, such as a service binding's. */
    fetch?: (request: Request) => Promise<Response>;
};
/** The names in `{…}` of an address. */
type InPath<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | InPath<Rest> : never;
type Settings = {
    signal?: AbortSignal;
    headers?: Readonly<Record<string, string>>;
};
/** What a call of one operation takes. */
export type Order<Path, Operation> = Settings & Omit<Operation, "answer"> & (InPath<Path & string> extends never ? {
    path?: never;
} : {
    path: {
        readonly [Name in InPath<Path & string>]: string;
    };
});
/** It may be left out where nothing in it is needed. */
type Given<Path, Operation> = Record<never, never> extends Order<Path, Operation> ? [order?: Order<Path, Operation>] : [order: Order<Path, Operation>];
type AnswerOf<Operation> = Operation extends {
    answer: infer Answer;
} ? Answer : never;
type Gets = Operations["get"];
/** What a list is a list of. */
export type Listed = {
    [Path in keyof Gets]: AnswerOf<Gets[Path]> extends {
        items: readonly (infer Item)[];
    } ? Item : never;
};
/** The lists that are read in pages. */
export type ListPath = {
    [Path in keyof Gets]: Gets[Path] extends {
        query?: infer Query;
    } ? "cursor" extends keyof NonNullable<Query> ? Path : never : never;
}[keyof Gets];
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
/** The same without types. */
export type AnyOrder = Settings & {
    path?: Readonly<Record<string, string>> | undefined;
    query?: Readonly<Record<string, unknown>> | undefined;
    body?: unknown;
};
export declare class Client {
    #private;
    constructor(options: ClientOptions);
    get<Path extends keyof Operations["get"]>(path: Path, ...[order]: Given<Path, Operations["get"][Path]>): Promise<AnswerOf<Operations["get"][Path]>>;
    post<Path extends keyof Operations["post"]>(path: Path, ...[order]: Given<Path, Operations["post"][Path]>): Promise<AnswerOf<Operations["post"][Path]>>;
    put<Path extends keyof Operations["put"]>(path: Path, ...[order]: Given<Path, Operations["put"][Path]>): Promise<AnswerOf<Operations["put"][Path]>>;
    patch<Path extends keyof Operations["patch"]>(path: Path, ...[order]: Given<Path, Operations["patch"][Path]>): Promise<AnswerOf<Operations["patch"][Path]>>;
    delete<Path extends keyof Operations["delete"]>(path: Path, ...[order]: Given<Path, Operations["delete"][Path]>): Promise<AnswerOf<Operations["delete"][Path]>>;
    /** All items of a list, one after the other. The next page is read when it is wanted. */
    list<Path extends ListPath>(path: Path, ...[order]: Given<Path, Operations["get"][Path]>): AsyncGenerator<Listed[Path], void, undefined>;
    /** The answer as it came, for what is no JSON. It was a success. */
    raw(method: Method, path: string, order?: AnyOrder): Promise<Response>;
}
export {};
