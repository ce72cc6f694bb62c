import type { SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { channels, deviceAttributes, devices, deviceTags, deviceWords } from "./schema/devices.ts";
import type { deviceApps } from "./schema/installed-apps.ts";
import type { channelSets } from "./schema/sets.ts";

/**
 * One filter in its two forms. The most selective one *leads*: it names the index range that is walked, and so the order
 * of the list. The others are only *held* against the rows of that walk.
 */
export type Filter = {
  lead: Lead;
  holds: SQL;
  /** The same where the walk is along a table of this filter: from the row itself, and no other is read. */
  holdsAlong?: SQL;
};

export type Lead = {
  /** Stored in the cursor, whose position is valid only in this order. */
  name: string;
  table:
    | typeof devices
    | typeof channels
    | typeof deviceTags
    | typeof deviceAttributes
    | typeof deviceWords
    | typeof channelSets
    | typeof deviceApps;
  /** The columns with one value in the whole range. */
  same: SQL | undefined;
  /** The column that orders the walk before the id, if any; never null within the range. */
  order?: SQLiteColumn;
  /** From the highest to the lowest. */
  falling?: boolean;
  /** Where the range begins and ends in that order. */
  floor?: SQL | undefined;
  ceiling?: SQL | undefined;
  id: SQLiteColumn;
  /** Skips rows of a device that another row has already given. */
  once?: SQL;
};
