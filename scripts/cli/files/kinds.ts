// Every kind of thing that a folder may hold, in the order in which they are written: what others need comes first.
import { profiles } from "./kinds/profiles.ts";
import { sets } from "./kinds/sets.ts";
import type { Kind } from "./thing.ts";

export const kinds: readonly Kind[] = [profiles, sets];
