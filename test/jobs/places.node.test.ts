/// <reference types="vite/types/importMeta.d.ts" />
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { schemaSteps } from "../../src/device/schema/steps.ts";
import { sealedColumns } from "../../src/device/store/sealed-values.ts";
import { sealedPlaces } from "../../src/jobs/kinds/reseal-places.ts";

// A sealed column that the reseal job does not know would be lost with the previous master key.
const schema = import.meta.glob<object>("../../src/db/schema/*.ts", { eager: true });
const source = resolve(import.meta.dirname, "../../src");

const tables = Object.values(schema)
  .flatMap((module) => Object.values(module))
  .filter((value) => is(value, SQLiteTable))
  .map(getTableConfig);

const named = ({ table, column }: { table: string; column: string }) => `${table}.${column}`;
const known = sealedPlaces.map(named);

test("every column of D1 that is called sealed is moved", () => {
  const sealed = tables.flatMap(({ name, columns }) =>
    columns
      .filter((column) => /(^|_)sealed(_|$)/.test(column.name))
      .map((column) => `${name}.${column.name}`),
  );

  // Tables that nothing writes yet: the change that fills one takes it from here.
  const empty = ["asset_parts.sealed"];

  expect(sealed.length).toBeGreaterThan(3);
  expect(
    sealed.filter((column) => !known.includes(column) && !empty.includes(column)),
    "not in src/jobs/kinds/reseal-places.ts",
  ).toEqual([]);
});

test("what is moved exists, and is walked by its primary key", () => {
  for (const place of sealedPlaces) {
    const table = tables.find(({ name }) => name === place.table);
    const columns = table?.columns.map(({ name }) => name) ?? [];
    const single = table?.columns.filter(({ primary }) => primary).map(({ name }) => name) ?? [];
    const composed = table?.primaryKeys[0]?.columns.map(({ name }) => name);

    expect(columns, named(place)).toEqual(expect.arrayContaining([place.column, ...(place.facts ?? [])]));
    expect(place.key, named(place)).toEqual(composed ?? single);
  }
});

test("every column of bytes in a device's object is moved, but those that hold nothing secret", () => {
  const open = ["channels.push_token"];
  const steps = schemaSteps.join("\n");
  const created = [...steps.matchAll(/CREATE TABLE (\w+) \(([^;]*)\)[^;]*;/g)].flatMap(
    ([, table, body = ""]) =>
      [...body.matchAll(/(?:^|,)\s*(\w+) BLOB/gm)].map(([, column]) => `${table}.${column}`),
  );
  const added = [...steps.matchAll(/ALTER TABLE (\w+) ADD (?:COLUMN )?(\w+) BLOB/g)].map(
    ([, table, column]) => `${table}.${column}`,
  );

  expect([...created, ...added].toSorted()).toEqual([...open, ...sealedColumns.map(named)].toSorted());
});

test("all code that seals is known, with the columns that it fills", () => {
  const sealers: Record<string, readonly string[]> = {
    "admin/idempotency.ts": ["idempotency_keys.request_sealed", "idempotency_keys.answer_sealed"],
    "admin/settings.ts": ["settings.value"],
    "library/apps.ts": ["library_apps.sealed_configuration"],
    "library/asset-files.ts": ["asset_parts.sealed"],
    "library/profiles.ts": ["profiles.sealed_content", "profile_versions.sealed_content"],
    "commands/order-batch.ts": ["batches.payload_sealed"],
    "enrollment/escrow-certificates.ts": ["escrow_certificates.sealed_key"],
    "enrollment/invitations.ts": ["invitations.last_challenge_sealed"],
    "enrollment/manage-authorities.ts": ["authorities.sealed_key"],
    "enrollment/signing-certificates.ts": ["signing_certificates.sealed_key"],
    "enrollment/account/profile.ts": ["account_grants.sealed_challenge"],
    "sign-in/provider-store.ts": ["sign_in_provider.sealed_secret"],
    "admin/sign-in/session.ts": [],
    "sign-in/sessions.ts": ["sign_in_sessions.sealed_hint"],
    // The state of a sign-in is in the URL alone.
    "sign-in/flow.ts": [],
    "push/manage-certificates.ts": ["push_certificates.sealed_key"],
    "push/manage-requests.ts": [
      "push_certificate_requests.sealed_key",
      "push_certificate_requests.exchange_key_sealed",
    ],
    "push/vendor.ts": ["push_vendors.sealed_key"],
    "webhooks/webhook.ts": ["webhooks.sealed"],
    // The objects' columns are looked at above; deleted devices leave their escrow to D1.
    "device/vault.ts": ["escrow_archive.sealed"],
    "apple-business/account.ts": ["ade_accounts.sealed_token"],
    "apple-business/portal/account.ts": ["portal_accounts.sealed_key", "portal_accounts.sealed_token"],
    "apple-business/key-pair.ts": ["ade_accounts.sealed_key", "ade_accounts.sealed_next_key"],
    "licences/location.ts": ["content_locations.sealed_token", "content_locations.sealed_secret"],
    // A nonce is kept nowhere, and an order in its account's object for a day.
    "acme/nonce.ts": [],
    "enrollment/acme/answers.ts": [],
  };
  const seals = (text: string): boolean => {
    const [, names = ""] = /import \{([^}]*)\} from "[^"]*pki\/seal\.ts"/.exec(text) ?? [];
    return /\b(seal|sealText)\b/.test(names);
  };
  const found = globSync("**/*.ts", { cwd: source }).filter((file) =>
    seals(readFileSync(join(source, file), "utf8")),
  );

  expect(
    found.toSorted(),
    "a new one needs its column in src/jobs/kinds/reseal-places.ts, and then a line here",
  ).toEqual(Object.keys(sealers).toSorted());
  expect(Object.values(sealers).flat().toSorted()).toEqual(known.toSorted());
});
