import * as v from "valibot";
import { wholeNumber } from "./forms.ts";

// What counts as a problem, and who may read the calendar of them.

export const problemsEntries = {
  problem_silent_days: v.optional(
    wholeNumber(0, 365, "After how many days without a message a device becomes a problem; 0: never"),
    30,
  ),
  problem_queue_days: v.optional(
    wholeNumber(1, 365, "After how many days waiting commands become a problem, on a device that connects"),
    7,
  ),
  problem_backup_days: v.optional(
    wholeNumber(0, 365, "After how many days a missing backup becomes a problem; 0: never"),
    30,
  ),
  platform_database_mb: v.optional(
    wholeNumber(
      1,
      10_000_000,
      "How large the database may become, in MB: 10000 with a paid plan of Cloudflare, 500 without; from 50 % on it is a problem",
    ),
    10_000,
  ),
  cloudflare_account_id: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(v.string(), v.regex(/^[0-9a-f]+$/, "must be hex digits"), v.minLength(32), v.maxLength(32)),
      ),
      v.description("The Cloudflare account whose daily use is compared to the limits of the Free plan"),
    ),
    null,
  ),
  cloudflare_api_token: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(
          v.string(),
          v.regex(/^[A-Za-z0-9_-]+$/, "must be an API token"),
          v.minLength(20),
          v.maxLength(200),
        ),
      ),
      v.description(
        "Reads that use, with the permission Account Analytics: Read alone; null: it is not read",
      ),
    ),
    null,
  ),
  release_url: v.optional(
    v.pipe(
      v.nullable(
        v.pipe(
          v.string(),
          v.url("must be a URL"),
          v.regex(/^https:\/\//, "must begin with https://"),
          v.maxLength(500),
        ),
      ),
      v.description(
        "Where to ask once a day for the newest release, as JSON with `tag_name` or `version`; null: nowhere",
      ),
    ),
    null,
  ),
  calendar_key: v.optional(
    v.pipe(
      v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.minLength(32), v.maxLength(100))),
      v.description(
        "The key in the address of the calendar of problems, `/api/v1/problems.ics?key=`; null: the calendar is closed",
      ),
    ),
    null,
  ),
} as const;
