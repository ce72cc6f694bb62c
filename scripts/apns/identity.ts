// What `npm start -- --apns` and `npm run simulate -- --apns` must agree on: where the stand-in for Apple's push service
// listens, whom its certificate is from, and the push certificate that it takes. Made once, for this machine alone.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { testPki } from "../../test/support/test-pki.ts";
import { writePrivate } from "../secrets.ts";
import { freePort } from "../start/options.ts";

type Pem = { certificatePem: string; keyPem: string };

export type ApnsIdentity = { port: number; root: Pem; server: Pem; client: Pem; until: number };

const soon = 24 * 60 * 60_000;
const lifetimeMs = 300 * 24 * 60 * 60_000;

const fileOf = (project: string): string => join(project, ".wrangler/apns.json");

/** The one of this project; undefined: there is none, or it has ended. */
export function readApnsIdentity(project: string): ApnsIdentity | undefined {
  const file = fileOf(project);
  if (!existsSync(file)) return undefined;
  const identity = JSON.parse(readFileSync(file, "utf8")) as ApnsIdentity;
  return identity.until > Date.now() + soon ? identity : undefined;
}

export async function apnsIdentity(project: string): Promise<ApnsIdentity> {
  const known = readApnsIdentity(project);
  if (known !== undefined) return known;
  const { root, server, client } = await testPki("P-256", "RSA-2048");
  const pem = ({ certificatePem, keyPem }: Pem): Pem => ({ certificatePem, keyPem });
  const identity = {
    port: await freePort({ port: 0, ip: "127.0.0.1" }),
    root: pem(root),
    server: pem(server),
    client: pem(client),
    until: Date.now() + lifetimeMs,
  };
  writePrivate(fileOf(project), `${JSON.stringify(identity)}\n`);
  return identity;
}

/** What makes a Worker push there. */
export const apnsVariables = ({ port, root }: ApnsIdentity): Record<string, string> => ({
  PUSH_HOST: "localhost",
  PUSH_PORT: String(port),
  PUSH_ROOTS: root.certificatePem,
});
