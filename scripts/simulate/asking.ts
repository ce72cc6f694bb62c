import { Trouble } from "../trouble.ts";

/** How a story speaks with the server: as an administrator. A refusal ends the run. */
export type Server = { url: URL; token: string };

export type Asking = {
  json?: unknown;
  body?: string | Uint8Array<ArrayBuffer>;
  type?: string;
};

export const asking =
  ({ url, token }: Server) =>
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows what it asks for
  async (method: string, path: string, { json, body, type }: Asking = {}): Promise<any> => {
    const contentType = json === undefined ? type : "application/json";
    const sent = json === undefined ? body : JSON.stringify(json);
    const answer = await fetch(new URL(path, url), {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(contentType && { "Content-Type": contentType }) },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Trouble(`${method} ${path} answered ${answer.status}: ${text}`);
    return text === "" ? {} : JSON.parse(text);
  };
