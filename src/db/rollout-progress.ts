import { sql } from "drizzle-orm";
import { among } from "./batch.ts";
import type { Db } from "./open.ts";
import { read } from "./read.ts";

/** What one page of devices tells of a rollout: a limited number of rows for each device, by index. */
export type ItemState = {
  deviceId: string;
  identifier: string;
  kind: "profile" | "declaration";
  state: string;
  version: number | null;
  serverToken: string | null;
  updatedAt: number;
};

/** The states of these items on every channel of these devices. */
export const itemStates = (
  db: Db,
  deviceIds: readonly string[],
  { profiles, declarations }: { profiles: readonly string[]; declarations: readonly string[] },
): Promise<ItemState[]> =>
  read(() =>
    db.all<ItemState>(sql`
      SELECT device_id AS deviceId, identifier, 'profile' AS kind, state, version, NULL AS serverToken,
        updated_at AS updatedAt FROM profile_states
        WHERE device_id IN ${among(deviceIds)} AND identifier IN ${among(profiles)}
      UNION ALL
      SELECT device_id, identifier, 'declaration', state, NULL, server_token, updated_at FROM declaration_states
        WHERE device_id IN ${among(deviceIds)} AND identifier IN ${among(declarations)}`),
  );

/** Which of these sets each device has, on whatever channel. */
export const setsAmong = (
  db: Db,
  deviceIds: readonly string[],
  setNames: readonly string[],
): Promise<{ deviceId: string; setName: string }[]> =>
  read(() =>
    db.all(sql`SELECT DISTINCT device_id AS deviceId, set_name AS setName FROM channel_sets
      WHERE device_id IN ${among(deviceIds)} AND set_name IN ${among(setNames)}`),
  );

/** The server tokens of declarations that are the same on every device; others have variables or files. */
export const plainTokens = (
  db: Db,
  identifiers: readonly string[],
): Promise<{ identifier: string; serverToken: string }[]> =>
  read(() =>
    db.all(sql`SELECT identifier, server_token AS serverToken FROM declarations
      WHERE identifier IN ${among(identifiers)} AND variables = '[]' AND data_sha256 IS NULL`),
  );

export type Enrolled = { id: string; enrolledAt: number | null };

/** Those of the devices that are enrolled: the others cannot answer. */
export const enrolledAmong = (db: Db, deviceIds: readonly string[]): Promise<Enrolled[]> =>
  read(() =>
    db.all<Enrolled>(
      sql`SELECT id, enrolled_at AS enrolledAt FROM devices
        WHERE id IN ${among(deviceIds)} AND state = 'enrolled' ORDER BY id`,
    ),
  );

/** The declarations that refer to these profiles. */
export const wrappersOf = (
  db: Db,
  profiles: readonly string[],
): Promise<{ identifier: string; profile: string }[]> =>
  read(() =>
    db.all(sql`SELECT identifier, refers_to AS profile FROM declaration_references
      WHERE kind = 'profile' AND refers_to IN ${among(profiles)}`),
  );
