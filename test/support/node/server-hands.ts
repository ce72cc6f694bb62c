// What a test has of a server that runs: its API, and the real command line against it.
import { type ChildProcess, execFile } from "node:child_process";
import { resolve } from "node:path";

const program = resolve(import.meta.dirname, "../../../scripts/edgemdm.mjs");

export type Ended = { code: number | null; out: string; err: string };
export type ServerHands = ReturnType<typeof handsOf> & { origin: string; token: string };

/** `home`: where the command line keeps its files. */
export function handsOf({ origin, token, home }: { origin: string; token: string; home: string }) {
  const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(new URL(`/api/v1${path}`, origin), {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  /** Started as a person starts it. */
  function begin(args: readonly string[], env: Record<string, string> = {}) {
    const known = {
      PATH: process.env.PATH ?? "",
      HOME: home,
      NO_COLOR: "1",
      EDGEMDM_URL: origin,
      EDGEMDM_TOKEN: token,
    };
    let child: ChildProcess | undefined;
    const ended = new Promise<Ended>((done) => {
      child = execFile(
        process.execPath,
        [program, ...args],
        { cwd: home, env: { ...known, ...env } as unknown as NodeJS.ProcessEnv },
        (fault, out, err) =>
          done({ code: fault === null ? 0 : typeof fault.code === "number" ? fault.code : null, out, err }),
      );
      child.stdin?.end();
    });
    return { ended, kill: () => child?.kill("SIGKILL") };
  }

  return {
    api,
    // biome-ignore lint/suspicious/noExplicitAny: what a test looks into is what the test says it is
    json: async (method: string, path: string, body?: unknown): Promise<any> =>
      (await api(method, path, body)).json(),
    begin,
    edgemdm: (args: readonly string[], env?: Record<string, string>) => begin(args, env).ended,
  };
}
