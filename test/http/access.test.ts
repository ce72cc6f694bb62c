import { expect, test } from "vitest";
import { toBase64, utf8 } from "../../src/base/bytes.ts";
import {
  type Asker,
  accessTable,
  addressOf,
  apiRows,
  askers,
  doors,
  may,
  methodsOf,
  open,
  type Row,
  tools,
} from "../support/access-table.ts";
import { adminToken, ask, tokenFor } from "../support/admin.ts";

// Every route with every role, as docs/roles.md says: a route that lets somebody in whom the table does not name fails
// here, and so does a table that is not that of the routes.

const tokenOf = async ({ role, rights }: Asker): Promise<string | null> =>
  role === undefined ? null : tokenFor(role, [...rights]);

/** Refused for the role, not for what was asked. NanoMDM's API says 500 where nothing worked for any id. */
async function isRefused(method: string, path: string, headers: Record<string, string>): Promise<boolean> {
  const { status, text } = await ask(method, path, { token: null, headers });
  if (!/^\/v1\/(enqueue|push)\/|^\/api\/v1\/nanomdm\//.test(path))
    expect(status, `${method} ${path}: ${text}`).not.toBe(500);
  return status === 401 || (status === 403 && text.includes("needs the role"));
}

test.each(askers)("the API lets a $title do what the table says, and nothing else", async (asker) => {
  const token = await tokenOf(asker);
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  for (const row of apiRows) {
    const refused = await isRefused(row.method, addressOf(row.path), headers);

    expect(!refused, `${row.method} ${row.path} as ${asker.title}`).toBe(may(asker, row));
  }
});

test("routes for anybody are named, with the reason", () => {
  const unnamed = apiRows
    .filter(({ role }) => role === undefined)
    .map(({ method, path }) => `${method} ${path}`);

  expect(unnamed.toSorted()).toEqual(Object.keys(open).toSorted());
});

const byTool = tools.flatMap((tool) => askers.map((asker) => ({ ...tool, asker, as: asker.title })));

test.each(byTool)(
  "$title's API lets a $as do what the table says, and nothing else",
  async ({ user, prefix, rows, asker }) => {
    const token = await tokenOf(asker);
    const headers: Record<string, string> =
      token === null ? {} : { Authorization: `Basic ${toBase64(utf8(`${user}:${token}`))}` };
    const others = (row: Row): string[] =>
      prefix !== undefined && row.path.startsWith("/v1/") ? [row.path.replace("/v1", prefix)] : [];
    for (const row of rows)
      for (const path of [row.path, ...others(row)])
        for (const method of methodsOf(row.method)) {
          const refused = await isRefused(method, addressOf(path), headers);

          expect(!refused, `${method} ${path} as ${asker.title}`).toBe(may(asker, row));
        }
  },
);

const doorRoutes = doors.flatMap(({ title, rows }) => rows.map((row) => ({ title, ...row })));
const stranger = (method: string, path: string, token: string | null = null) =>
  ask(methodsOf(method)[0] ?? "GET", addressOf(path), { token });

test("a token, even the greatest, opens no door of devices or people", async () => {
  for (const { method, path } of doorRoutes) {
    const alone = await stranger(method, path);
    const withToken = await stranger(method, path, adminToken);

    expect(withToken.status, `${method} ${path}`).toBe(alone.status);
    expect(alone.status, `${method} ${path}`).not.toBe(500);
  }
});

test("docs/roles.md is the table of the routes (-u writes it)", async () => {
  const table = await accessTable(async (method, path) => (await stranger(method, path)).status);

  await expect(table).toMatchFileSnapshot("../../docs/roles.md");
});
