import type { Hono } from "hono";
import { includesRole, type Right, type Role, rights, roles } from "../../src/admin/roles.ts";
import { idsOf } from "../../src/catalog/lookup.ts";
import { whyNotAllowed } from "../../src/commands/allowed.ts";
import { api } from "../../src/http/api/app.ts";
import type { ApiEnv } from "../../src/http/api/route/api-env.ts";
import { operationsOf } from "../../src/http/api/route/operations.ts";
import { routeOf } from "../../src/http/api/route/route-line.ts";
import { roleNeeded } from "../../src/http/compatible-api.ts";
import { account } from "../../src/http/device/account/app.ts";
import { acme } from "../../src/http/device/acme.ts";
import { ade } from "../../src/http/device/ade.ts";
import { crl } from "../../src/http/device/crl.ts";
import { data } from "../../src/http/device/data.ts";
import { enroll } from "../../src/http/device/enroll.ts";
import { mdm } from "../../src/http/device/mdm.ts";
import { scep } from "../../src/http/device/scep.ts";
import { health } from "../../src/http/health.ts";
import { home } from "../../src/http/home.ts";
import { kmfddm } from "../../src/http/kmfddm/app.ts";
import { nanocmd } from "../../src/http/nanocmd/app.ts";
import { nanodep } from "../../src/http/nanodep/app.ts";
import { needs as proxyNeeds } from "../../src/http/nanodep/proxy.ts";
import { nanomdm } from "../../src/http/nanomdm/app.ts";
import { packageFiles } from "../../src/http/packages/app.ts";
import { signIn } from "../../src/http/sign-in/app.ts";
import type { PlistDict } from "../../src/plist/value.ts";

// Route x role x right, made of the routes themselves: what docs/roles.md shows, and what a test asks one by one.

export type Row = { method: string; path: string; role: Role | undefined; right?: Right | undefined };

/** A route without a role is meant for anybody: each of these says why. */
export const open: { readonly [route: string]: string } = {
  "GET /api/openapi.json": "the description",
  "GET /api/docs": "the description",
  "GET /api/v1/problems.ics": "opened by the key in its address",
  "POST /api/v1/token-exchange": "opened by a token of an issuer that a rule names",
};

export const apiRows: readonly Row[] = operationsOf(api).map(({ method, path, part }) => ({
  method,
  path,
  role: part.role,
  right: part.right,
}));

/** APIs of other tools; `user`: whose name goes with a token by HTTP Basic; `prefix`: where NanoHUB has them, too. */
export type Tool = { title: string; user: string; prefix: string | undefined; rows: readonly Row[] };

const toolRows = (app: Hono<ApiEnv>): Row[] =>
  linesOf(app).map(({ method, path, part }) => {
    const least = roleNeeded(app, { method, path }) ?? "admin";
    const role = part.role !== undefined && !includesRole(least, part.role) ? part.role : least;
    return { method, path, role };
  });

const proxyRows: Row[] = Object.entries(proxyNeeds).map(([call, need]) => {
  const [method = "", path = ""] = call.split(" ");
  return { method, path: `/proxy/:name${path}`, ...need };
});

export const tools: readonly Tool[] = [
  { title: "NanoMDM", user: "nanomdm", prefix: "/api/v1/nanomdm", rows: toolRows(nanomdm) },
  { title: "KMFDDM", user: "kmfddm", prefix: "/api/v1/ddm", rows: toolRows(kmfddm) },
  { title: "NanoCMD", user: "nanocmd", prefix: "/api/v1/nanocmd", rows: toolRows(nanocmd) },
  {
    title: "NanoDEP",
    user: "depserver",
    prefix: undefined,
    rows: [...toolRows(nanodep).filter(({ path }) => !path.startsWith("/proxy/")), ...proxyRows],
  },
];

/** Doors where a token of the API opens nothing; `who`: what does. */
export type Door = { title: string; who: string; rows: readonly { method: string; path: string }[] };

// biome-ignore lint/suspicious/noExplicitAny: apps with any variables
const door = (title: string, app: Hono<any>, who: string): Door => ({ title, who, rows: linesOf(app) });

export const doors: readonly Door[] = [
  door("Health", health, "anybody"),
  door("Home", home, "anybody"),
  door(
    "Enrolled devices",
    mdm,
    "a device, by its identity: the signature of the message or a client certificate",
  ),
  door("Files of declarations", data, "a device, by its identity, for the files of its own declarations"),
  door("Files of packages", packageFiles, "anybody with a link that this server signed"),
  door("SCEP", scep, "a certificate for a challenge, or for an identity that may be renewed"),
  door("Revocation lists", crl, "anybody"),
  door("Enrollment by link", enroll, "the code of an invitation, or anybody where enrollment is open"),
  door("Account-driven enrollment", account, "a person's sign-in"),
  door("Automated enrollment", ade, "a device, by Apple's signature of what it says"),
  door("ACME", acme, "an account's key; an identity for an attestation by Apple"),
  door("Signing in", signIn, "a person, by the provider that is set"),
];

type Line = { method: string; path: string; part: ReturnType<typeof routeOf> };

/** Routes, without what runs before them. */
// biome-ignore lint/suspicious/noExplicitAny: apps with any variables
function linesOf(app: Hono<any>): Line[] {
  const routes = app.routes.filter(({ path }) => path !== "/*" && path !== "*");
  const lines = Map.groupBy(routes, ({ method, path }) => `${method} ${path}`);
  return [...lines.values()].flatMap((handlers) => {
    const [first] = handlers;
    if (first === undefined) return [];
    return [
      { method: first.method, path: first.path, part: routeOf(handlers.map(({ handler }) => handler)) },
    ];
  });
}

/** An address that fits the pattern. */
export const addressOf = (path: string): string =>
  path
    .replace(/:file\{[^/]*$/, "0000000000000000.crl")
    .replace(/:\w+(\{[^/]*\})?|\{\w+\}/g, "x")
    .replace(/\*/g, "x");

export const methodsOf = (method: string): string[] =>
  method === "ALL" ? ["POST", "PUT", "DELETE"] : [method];

/** Somebody who asks: a guest has nothing. */
export type Asker = { title: string; role: Role | undefined; rights: readonly Right[] };

export const askers: readonly Asker[] = [
  { title: "guest", role: undefined, rights: [] },
  ...roles.map((role) => ({ title: role, role, rights: [] })),
  ...rights.map((right) => ({ title: `viewer with ${right}`, role: "viewer" as const, rights: [right] })),
];

export function may({ role, rights: held }: Asker, row: Row): boolean {
  if (row.role === undefined) return true;
  if (role === undefined) return false;
  return includesRole(role, row.role) || (row.right !== undefined && held.includes(row.right));
}

/** What the table says of the commands that may be sent. */
async function commandLines(): Promise<string[]> {
  const payload: PlistDict = new Map();
  const subject = {
    deviceId: "x",
    userId: "",
    context: { channel: "device" as const },
    enrollmentProfile: undefined,
  };
  const names = await idsOf("commands");
  const line = (name: string) => {
    const cells = roles
      .slice(1)
      .map((role) => whyNotAllowed({ role, rights: [] }, name, payload, subject) === undefined);
    const byRight =
      whyNotAllowed({ role: "helpdesk", rights: ["erase"] }, name, payload, subject) === undefined;
    return { name, cells, right: byRight && !cells[0] ? "helpdesk with `erase`" : "" };
  };
  const usual = (cells: readonly boolean[]) => !cells[0] && cells[1] && cells[2];
  return names
    .map(line)
    .filter(({ cells }) => !usual(cells))
    .map(({ name, cells, right }) => `| \`${name}\` | ${cells.map(mark).join(" | ")} | ${right} |`);
}

const mark = (isAllowed: boolean | undefined): string => (isAllowed ? "yes" : "");

function tableOf(rows: readonly Row[]): string[] {
  const head = [
    "| route | guest | viewer | helpdesk | operator | admin | or the right |",
    "| --- | --- | --- | --- | --- | --- | --- |",
  ];
  const lines = rows
    .toSorted((a, b) => a.path.localeCompare(b.path, "en") || a.method.localeCompare(b.method, "en"))
    .map((row) => {
      const cells = askers.slice(0, 1 + roles.length).map((asker) => mark(may(asker, row)));
      return `| \`${row.method} ${row.path}\` | ${cells.join(" | ")} | ${row.right ? `\`${row.right}\`` : ""} |`;
    });
  return [...head, ...lines];
}

export async function accessTable(
  strangerGets: (method: string, path: string) => Promise<number>,
): Promise<string> {
  const lines = [
    "# Who may ask what",
    "",
    "Made from the routes by `npm test -- test/http/access.test.ts -u`; never edited. The test asks every route as every role.",
    "",
    "A guest has no token. A right is enough with any role; `admin` has all rights. What a role may do is decided before a request is looked at; [the API](api.md) says more of roles, and [signing in](sign-in.md) of how people get one.",
    "",
    "## The API",
    "",
    ...tableOf(apiRows),
    "",
    ...Object.entries(open).map(([route, why]) => `- \`${route}\` is meant for anybody: ${why}.`),
    "",
    "### Commands",
    "",
    "`POST /api/v1/devices/{id}/commands` and NanoMDM's `/v1/enqueue/` look at the command, too. Most need the role operator; these do not:",
    "",
    "| command | helpdesk | operator | admin | or |",
    "| --- | --- | --- | --- | --- |",
    ...(await commandLines()),
    "",
    "`RemoveProfile` needs the role admin where it would end the enrollment.",
    "",
    "## Assistants",
    "",
    "`POST /mcp` takes a token of any role, and [reads](mcp.md) what a viewer may read above. A guest gets 401.",
    "",
    "## The APIs of other tools",
    "",
    "A token is the password of HTTP Basic. `ALL` is every method that has no line of its own.",
    ...tools.flatMap(({ title, user, prefix, rows }) => [
      "",
      `### ${title}`,
      "",
      `User name \`${user}\`${prefix ? `; also below \`${prefix}\` in place of \`/v1\`` : ""}.`,
      "",
      ...tableOf(rows),
    ]),
    "",
    "## Doors without tokens",
    "",
    "Here a token opens nothing. The last column is what a stranger is answered who sends an empty request.",
    "",
    "| door | route | open to | a stranger gets |",
    "| --- | --- | --- | --- |",
  ];
  for (const { title, who, rows } of doors)
    for (const { method, path } of rows)
      lines.push(`| ${title} | \`${method} ${path}\` | ${who} | ${await strangerGets(method, path)} |`);
  return `${lines.join("\n")}\n`;
}
