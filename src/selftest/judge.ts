/**
 * Whose answer is it: this server's, or that of something in front of it? Cloudflare's bot fighting, Access, firewall rules and
 * redirects answer in the Worker's place, and a device can solve no challenge: it is silent from then on.
 *
 * Pure: the request is made by `client.ts`, in the Worker and in `npm run deploy` alike.
 */
export type Heard = {
  status: number;
  headers: Pick<Headers, "get">;
  /** The beginning of the body. */
  body: string;
};

export type Outcome =
  | "ours"
  | "challenged"
  | "access-login"
  | "browser-check"
  | "blocked"
  | "redirected"
  | "daily-limit"
  | "rate-limited"
  | "not-ours"
  | "unexpected"
  | "unreachable"
  | "untested";

export type Expected = { statuses: readonly number[]; says?: RegExp };

export function judge(heard: Heard, expected: Expected): { outcome: Outcome; detail: string } {
  const { status, headers, body } = heard;
  const said = `it answered ${status}`;
  if (headers.get("cf-mitigated") === "challenge" || isChallengePage(heard))
    return { outcome: "challenged", detail: `${said} with a challenge of Cloudflare's` };
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null) return judgeRedirect(status, location);
  // Every answer of this server has one.
  if (uuid.test(headers.get("x-request-id") ?? "")) return judgeOwn(heard, expected);
  const code = /error(?: code:?)? (1\d{3})\b/i.exec(body)?.[1];
  if (code === "1042") return { outcome: "untested", detail: "this Worker may not ask its own address" };
  if (code === "1010") return { outcome: "browser-check", detail: `${said}, error 1010` };
  if (code === "1027") return { outcome: "daily-limit", detail: `${said}, error 1027` };
  if (status === 429) return { outcome: "rate-limited", detail: `${said}, and not by this server` };
  if (status === 403 || status === 503)
    return { outcome: "blocked", detail: `${said}, and not by this server${code ? ` (error ${code})` : ""}` };
  if (status >= 520 && status <= 530)
    return { outcome: "unreachable", detail: `${said}: Cloudflare does not reach the Worker` };
  return { outcome: "not-ours", detail: `${said}, and not by this server` };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const isChallengePage = ({ status, headers, body }: Heard): boolean =>
  status >= 400 &&
  (headers.get("content-type") ?? "").startsWith("text/html") &&
  /_cf_chl_opt|\/cdn-cgi\/challenge-platform\//.test(body);

function judgeRedirect(status: number, location: string): { outcome: Outcome; detail: string } {
  const isLogin = /cloudflareaccess\.com|\/cdn-cgi\/access\//.test(location);
  const host = URL.parse(location)?.host ?? "another path";
  return isLogin
    ? { outcome: "access-login", detail: `it answered ${status}, to the log-in of Cloudflare Access` }
    : { outcome: "redirected", detail: `it answered ${status}, to ${host}` };
}

function judgeOwn({ status, body }: Heard, { statuses, says }: Expected) {
  if (statuses.includes(status) && (says === undefined || says.test(body)))
    return { outcome: "ours" as const, detail: `it answered ${status}` };
  return { outcome: "unexpected" as const, detail: `this server answered ${status}` };
}

/** What to do, by outcome. */
export const remedies: Record<Exclude<Outcome, "ours">, string> = {
  challenged:
    "in the Cloudflare dashboard of the zone, turn Bot Fight Mode off (Security, Bots: it takes no exceptions), and exempt the device paths from challenges of custom rules, of Super Bot Fight Mode and of Under Attack mode by a Skip rule; Security Events tell which one it was",
  "access-login":
    "take Cloudflare Access away from this hostname, or add a Bypass policy for the device paths /mdm, /scep, /acme, /crl and /enroll",
  "browser-check":
    "turn the Browser Integrity Check off for this hostname by a configuration rule: some of Apple's agents have no usual User-Agent",
  blocked:
    "look into Security Events of the zone for the rule that blocked it (custom rules, managed rules, IP access, zone lockdown), and exempt the device paths",
  redirected:
    "take the redirect (Redirect Rules, Page Rules, Always Use HTTPS) away from this hostname: a redirected PUT is lost",
  "daily-limit":
    "the requests of the Free plan are used up until midnight UTC: the Workers Paid plan has no such end",
  "rate-limited":
    "look for a rate limiting rule of the zone that matches this hostname, and exempt the device paths",
  "not-ours":
    "something else answers at this address: see which Worker, route or origin the hostname leads to, and whether PUBLIC_URL is right",
  unexpected: "ask /readyz what is missing",
  unreachable:
    "see whether the name is in DNS, its certificate is issued, and the custom domain leads to this Worker",
  untested:
    "run npm run selftest on another machine; with the compatibility flag global_fetch_strictly_public the Worker can ask itself",
};

/** What came of one question. */
export type Finding = {
  probe: string;
  request: string;
  outcome: Outcome;
  detail: string;
  /** Null: nothing is wrong. */
  remedy: string | null;
};

/** What keeps devices out. That nothing could be tested keeps nobody out. */
export const harmful = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ outcome }) => outcome !== "ours" && outcome !== "untested");
