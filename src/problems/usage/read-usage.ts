import { ok, type Result, refuse } from "../../base/result.ts";
import { type DayOfUse, type Metric, metrics } from "./daily-limits.ts";

/**
 * What Cloudflare counted of an account, by its GraphQL Analytics API. Pure: the request is made in `ask-usage.ts`.
 *
 * The surprise: errors come with status 200, and an account that the token may not see is an empty list.
 */
const datasets = {
  workersInvocationsAdaptive: { requests: "worker-requests" },
  durableObjectsInvocationsAdaptiveGroups: { requests: "object-requests" },
  durableObjectsPeriodicGroups: { rowsRead: "object-rows-read", rowsWritten: "object-rows-written" },
  d1AnalyticsAdaptiveGroups: { rowsRead: "database-rows-read", rowsWritten: "database-rows-written" },
} as const satisfies Record<string, Record<string, Metric>>;

export const usageQuery = `query Usage($account: String!, $since: Date!) {
  viewer { accounts(filter: { accountTag: $account }) {
${Object.entries(datasets)
  .map(
    ([dataset, fields]) =>
      `    ${dataset}(limit: 1000, filter: { date_geq: $since }) { dimensions { date } sum { ${Object.keys(fields).join(" ")} } }`,
  )
  .join("\n")}
  } }
}`;

export function readUsage(told: unknown, days: readonly string[]): Result<DayOfUse[], string> {
  const errors = member(told, "errors");
  if (Array.isArray(errors) && errors.length > 0)
    return refuse(`Cloudflare says: ${String(member(errors[0], "message")).slice(0, 200)}`);
  const accounts = member(member(member(told, "data"), "viewer"), "accounts");
  if (!Array.isArray(accounts)) return refuse("Cloudflare's answer is not that of its GraphQL Analytics API");
  const [account] = accounts;
  if (account === undefined) return refuse("the token does not show this account");
  const used = new Map(days.map((day) => [day, zero()]));
  for (const [dataset, fields] of Object.entries(datasets)) {
    const groups = member(account, dataset);
    if (!Array.isArray(groups)) return refuse(`Cloudflare's answer has no ${dataset}`);
    for (const group of groups) {
      const counts = used.get(String(member(member(group, "dimensions"), "date")));
      if (counts === undefined) continue;
      for (const [field, metric] of Object.entries(fields))
        counts[metric] += countOf(member(member(group, "sum"), field));
    }
  }
  return ok([...used].map(([day, counts]) => ({ day, used: counts })));
}

const zero = () => Object.fromEntries(metrics.map((metric) => [metric, 0])) as Record<Metric, number>;

const countOf = (value: unknown): number =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? value[name as keyof typeof value]
    : undefined;
