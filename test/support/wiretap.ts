import { transport } from "./fleet.ts";

/** Somebody who reads along, and sends what a device once said again: the same bytes with the same signature. */
export class Wiretap {
  readonly #caught: { url: string; method: string; headers: Headers; body: ArrayBuffer }[] = [];

  readonly transport = async (request: Request): Promise<Response> => {
    const { url, method, headers } = request;
    const body = await request.arrayBuffer();
    this.#caught.push({ url, method, headers, body });
    return transport(new Request(url, { method, headers, ...(method === "GET" ? {} : { body }) }));
  };

  /** The last request so far that has this text in its body, kept to be replayed. */
  catch(text: string): () => Promise<Response> {
    const caught = this.#caught.findLast(({ body }) => new TextDecoder().decode(body).includes(text));
    if (caught === undefined) throw new Error(`no request with ${text} was caught`);
    const { url, method, headers, body } = caught;
    return () => transport(new Request(url, { method, headers, ...(method === "GET" ? {} : { body }) }));
  }
}
