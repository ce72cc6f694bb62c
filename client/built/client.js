import { ProblemError, StrangeAnswerError, UnreachableError } from "./errors.js";
import { repeatable } from "./repeatable.js";
const longestPage = 200;
const longestWaitMs = 10_000;
export class Client {
    #options;
    constructor(options) {
        this.#options = { tries: 4, timeoutMs: 60_000, fetch: (request) => fetch(request), ...options };
    }
    get(path, ...[order]) {
        return this.#json("GET", path, order);
    }
    post(path, ...[order]) {
        return this.#json("POST", path, order);
    }
    put(path, ...[order]) {
        return this.#json("PUT", path, order);
    }
    patch(path, ...[order]) {
        return this.#json("PATCH", path, order);
    }
    delete(path, ...[order]) {
        return this.#json("DELETE", path, order);
    }
    /** All items of a list, one after the other. The next page is read when it is wanted. */
    async *list(path, ...[order]) {
        const asked = order ?? {};
        let cursor = asked.query?.cursor;
        do {
            const query = { limit: longestPage, ...asked.query, cursor };
            const page = await this.#json("GET", path, {
                ...asked,
                query,
            });
            yield* page.items;
            cursor = page.next_cursor ?? undefined;
        } while (cursor !== undefined);
    }
    /** The answer as it came, for what is no JSON. It was a success. */
    async raw(method, path, order = {}) {
        const { origin, tries } = this.#options;
        const key = method === "POST" && repeatable.has(path) ? crypto.randomUUID() : undefined;
        const mayRepeat = method === "GET" || method === "PUT" || method === "DELETE" || key !== undefined;
        for (let tried = 1;; tried++) {
            const answer = await this.#send(method, path, order, key).catch((fault) => {
                order.signal?.throwIfAborted();
                return new UnreachableError(origin, fault);
            });
            if (answer instanceof Response && answer.ok)
                return answer;
            const waitMs = mayRepeat && tried < tries ? waitOf(answer, tried) : undefined;
            if (waitMs === undefined)
                throw answer instanceof Response ? await refusalOf(origin, answer) : answer;
            if (answer instanceof Response)
                await answer.body?.cancel();
            await pause(waitMs, order.signal);
        }
    }
    async #json(method, path, order = {}) {
        const answer = await this.raw(method, path, order);
        const text = await answer.text().catch((fault) => {
            order.signal?.throwIfAborted();
            throw new UnreachableError(this.#options.origin, fault);
        });
        return (text === "" ? undefined : JSON.parse(text));
    }
    #send(method, path, order, key) {
        const { origin, token, timeoutMs } = this.#options;
        const headers = new Headers({ Accept: "application/json", ...order.headers });
        headers.set("Authorization", `Bearer ${token}`);
        if (key !== undefined && !headers.has("Idempotency-Key"))
            headers.set("Idempotency-Key", key);
        const body = bodyOf(order.body);
        if (body !== undefined)
            headers.set("Content-Type", body.type);
        const limit = AbortSignal.timeout(timeoutMs);
        const signal = order.signal ? AbortSignal.any([order.signal, limit]) : limit;
        const content = body && { body: body.bytes };
        // No redirect is followed: the token belongs to this address.
        const init = { method, headers, signal, redirect: "manual", ...content };
        return this.#options.fetch(new Request(addressOf(origin, path, order), init));
    }
}
function addressOf(origin, path, { path: names = {}, query = {} }) {
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
        const value = names[name];
        // The last two would lead to another address, however they are spelled.
        if (value === undefined || ["", ".", ".."].includes(value))
            throw new TypeError(`${path} cannot have ${value === undefined ? "no" : JSON.stringify(value)} ${name}`);
        return encodeURIComponent(value);
    });
    const url = new URL(`/api/v1${filled}`, origin);
    for (const [name, value] of Object.entries(query))
        for (const one of Array.isArray(value) ? value : [value])
            if (one !== undefined && one !== null)
                url.searchParams.append(name, String(one));
    return url;
}
function bodyOf(body) {
    if (body === undefined)
        return undefined;
    const given = body;
    const isBytes = typeof given.type === "string" && (given.bytes instanceof Uint8Array || typeof given.bytes === "string");
    return isBytes ? given : { type: "application/json", bytes: JSON.stringify(body) };
}
/** How long to wait before the next try; undefined: another one would be refused as well. */
function waitOf(answer, tried) {
    const growing = Math.min(250 * 2 ** tried, longestWaitMs) * (0.5 + Math.random() / 2);
    if (!(answer instanceof Response))
        return growing;
    const asked = answer.headers.get("Retry-After");
    const waitMs = asked === null ? undefined : Number(asked) * 1000;
    const mayPass = answer.status === 502 || answer.status === 503 || answer.status === 504 || waitMs !== undefined;
    if (!mayPass || (waitMs ?? 0) > longestWaitMs)
        return undefined;
    return waitMs !== undefined && waitMs >= 0 ? waitMs : growing;
}
function pause(ms, signal) {
    return new Promise((done, stop) => {
        const end = () => {
            clearTimeout(timer);
            stop(signal?.reason);
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener("abort", end);
            done();
        }, ms);
        if (signal?.aborted)
            end();
        else
            signal?.addEventListener("abort", end, { once: true });
    });
}
async function refusalOf(origin, answer) {
    if (!answer.headers.get("Content-Type")?.startsWith("application/problem+json")) {
        await answer.body?.cancel();
        return new StrangeAnswerError(origin, answer);
    }
    return new ProblemError((await answer.json()));
}
