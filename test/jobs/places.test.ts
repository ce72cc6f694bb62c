/// <reference types="vite/types/importMeta.d.ts" />
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { schemaSteps } from "../../src/device/schema/steps.ts";
import { sealedColumns } from "../../src/device/store/sealed-values.ts";
import { sealedPlaces } from "../../src/jobs/kinds/reseal-places.ts";
import { sealers } from "../support/sealers.ts";

// A sealed column that the reseal job does not know would be lost with the previous master key.
const schema = import.meta.glob<object>("../../src/db/schema/*.ts", { eager: true });

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

test("every column that some code seals is moved, and no other", () => {
  expect(Object.values(sealers).flat().toSorted()).toEqual(known.toSorted());
});
