import * as v from "valibot";
import { wholeNumber } from "./forms.ts";

// Apps, and the licences for them.

export const appsEntries = {
  free_licences_after_days: v.optional(
    v.nullable(
      wholeNumber(
        0,
        365,
        "How many days after a device left its licences of Apps and Books are taken back; null: never",
      ),
    ),
    7,
  ),
};
