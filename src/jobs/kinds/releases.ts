import { loadSettings } from "../../admin/settings.ts";
import { openDb } from "../../db/open.ts";
import { noteRelease } from "../../db/problem-facts.ts";
import { fetchRelease } from "../../releases/client.ts";
import { jobKind } from "../job-kind.ts";

/** Once a day, where an address is set. What was known stays when it does not answer. */
export const releases = jobKind<null>(null, async (env, _cursor, now) => {
  const { release_url: url } = await loadSettings(env, now);
  const done = { counts: {}, remarks: [], ends: "done" } as const;
  if (url === null) return { ...done, outcome: "the setting release_url is not set" };
  const found = await fetchRelease(url);
  if (!found.ok)
    return {
      ...done,
      remarks: [{ about: url, detail: found.refusal.detail }],
      outcome: "nothing was learnt",
    };
  await noteRelease(openDb(env.DB), found.value.version, now);
  return { ...done, outcome: `the newest release is ${found.value.version}` };
});
