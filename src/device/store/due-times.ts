import { carried } from "./outbox.ts";
import type { Statements } from "./statements.ts";

/** What the tables say about the next duties of the alarm (alarm/schedule.ts). */
export type DueTimes = {
  unread_result: number | null;
  /** Of the first one: later reports wait for it. */
  status_report: number | null;
  outbox: number | null;
  has_news: number;
  profile_retry: number | null;
  naming_retry: number | null;
  /** The next try, or question of what became of one. */
  app: number | null;
  setup: number | null;
  rotation: number | null;
  expiry: number | null;
  renewal: number | null;
  first_finished: number | null;
  /** An upper limit of the number: ids rise by one, and some of them wait or are deleted. Reads only both ends. */
  finished_span: number | null;
  has_raw_result: number;
  has_declarations: number;
  has_wanted: number;
};

/** In one statement: to prepare a dozen costs an object that has just woken more than its turn. */
const query = `SELECT
  (SELECT min(due_at) FROM unread_results) AS unread_result,
  (SELECT due_at FROM status_reports WHERE part = 0 AND state = 'new' ORDER BY id LIMIT 1) AS status_report,
  (SELECT min(due_at) FROM outbox WHERE due_at < ${carried}) AS outbox,
  EXISTS (SELECT 1 FROM outbox) AS has_news,
  (SELECT min(retry_at) FROM profiles) AS profile_retry,
  (SELECT retry_at FROM naming) AS naming_retry,
  (SELECT min(at) FROM (SELECT min(retry_at) AS at FROM apps UNION ALL SELECT min(look_at) FROM apps)) AS app,
  (SELECT min(look_at) FROM setups) AS setup,
  (SELECT min(look_at) FROM rotations) AS rotation,
  (SELECT min(expires_at) FROM queue) AS expiry,
  (SELECT look_at FROM renewal) AS renewal,
  (SELECT finished_at FROM finished ORDER BY id LIMIT 1) AS first_finished,
  (SELECT max(id) FROM finished) - (SELECT min(id) FROM finished) + 1 AS finished_span,
  EXISTS (SELECT 1 FROM finished WHERE result_form = 'raw') AS has_raw_result,
  EXISTS (SELECT 1 FROM declarative) AS has_declarations,
  EXISTS (SELECT 1 FROM queue WHERE push = 1) AS has_wanted`;

export const dueTimesStatements = ({ row }: Statements) => ({
  dueTimes: (): DueTimes => row<DueTimes>(query) as DueTimes,
});
