import { randomUUID } from "node:crypto";

type Manifest = Record<string, { hash: string; size: number }>;
type Session = { script: string; manifest: Manifest; missing: Set<string> };

/**
 * The static files of Workers, as a deployment uploads them: a list of all, then those that are not there yet, in one go,
 * then a proof for the script that uses them.
 * https://developers.cloudflare.com/workers/static-assets/direct-upload/
 */
export class FakeAssets {
  /** The bytes of each file, by its hash. */
  readonly stored = new Map<string, Buffer>();
  readonly #sessions = new Map<string, Session>();
  readonly #complete = new Map<string, { script: string; manifest: Manifest }>();
  readonly #refuse: (code: number, message: string, status: number) => never;

  constructor(refuse: (code: number, message: string, status: number) => never) {
    this.#refuse = refuse;
  }

  begin(script: string, { manifest }: { manifest: Manifest }): object {
    for (const [path, { hash, size }] of Object.entries(manifest)) {
      if (!path.startsWith("/") || !/^[0-9a-f]{32}$/.test(hash) || !Number.isInteger(size))
        this.#refuse(100324, `the manifest's entry ${path} is not valid`, 400);
    }
    const hashes = Object.values(manifest).map(({ hash }) => hash);
    const missing = new Set(hashes.filter((hash) => !this.stored.has(hash)));
    const session: Session = { script, manifest, missing };
    if (missing.size === 0) return { jwt: this.#proof(session), buckets: [] };
    const jwt = token("upload");
    this.#sessions.set(jwt, session);
    return { jwt, buckets: [[...missing]] };
  }

  async upload(authorization: string, form: FormData): Promise<object> {
    const session = this.#sessions.get(authorization.replace("Bearer ", ""));
    if (session === undefined) return this.#refuse(10000, "Authentication error", 401);
    for (const [hash, file] of form) {
      const told = Object.values(session.manifest).find((entry) => entry.hash === hash);
      const bytes = Buffer.from(typeof file === "string" ? file : await file.text(), "base64");
      if (told === undefined) this.#refuse(100325, `${hash} is not in the manifest`, 400);
      if (told?.size !== bytes.length) this.#refuse(100326, `${hash} has another size than told`, 400);
      this.stored.set(hash, bytes);
      session.missing.delete(hash);
    }
    return session.missing.size === 0 ? { jwt: this.#proof(session) } : {};
  }

  /** The files of a script that proves that all of them are there. */
  filesOf(script: string, jwt: string): Map<string, Buffer> {
    const complete = this.#complete.get(jwt);
    if (complete?.script !== script) return this.#refuse(10309, "the completion token is not valid", 400);
    const files = Object.entries(complete.manifest);
    return new Map(files.map(([path, { hash }]) => [path, this.stored.get(hash) ?? Buffer.alloc(0)]));
  }

  #proof({ script, manifest }: Session): string {
    const jwt = token("complete");
    this.#complete.set(jwt, { script, manifest });
    return jwt;
  }
}

const token = (purpose: string): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { purpose, jti: randomUUID(), exp: Math.floor(Date.now() / 1000) + 3600 };
  return `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.${part({})}`;
};
