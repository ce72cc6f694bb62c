import type { Db } from "../db/open.ts";

/** The apps whose source is this package. */
export const appsUsing = async (_db: Db, _name: string): Promise<string[]> => [];
