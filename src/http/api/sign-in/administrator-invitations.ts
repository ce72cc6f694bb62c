import { type Context, Hono } from "hono";
import * as v from "valibot";
import { rights, roles } from "../../../admin/roles.ts";
import { type InvitationState, inviteAdministrator, stateOf } from "../../../admin/sign-in/invitations.ts";
import { languages } from "../../../base/languages.ts";
import {
  type AdministratorInvitationRow,
  findAdministratorInvitation,
  listAdministratorInvitations,
  withdrawInvitation,
} from "../../../db/administrator-invitations.ts";
import { invitationWays } from "../../../db/schema/administrator-invitations.ts";
import { colleagueMessage } from "../../../mail/compose.ts";
import { publicOrigin } from "../../origin.ts";
import { openPostOffice } from "../operations/post-office.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { body, query } from "../route/validate.ts";

const states = ["open", "accepted", "expired", "withdrawn"] as const satisfies readonly InvitationState[];

const AdministratorInvitation = v.pipe(
  v.object({
    id: v.string(),
    state: v.picklist(states),
    email: v.string(),
    role: v.picklist(roles),
    rights: v.pipe(v.array(v.picklist(rights)), v.description("In addition to the role")),
    way: v.pipe(
      v.picklist(invitationWays),
      v.description(
        "What accepting it gives. sign-in: a rule for this address at the provider that administrators sign in by; token: an API token",
      ),
    ),
    token_days: v.pipe(v.number(), v.description("How long the token of the way `token` is good")),
    created_at: Time,
    created_by: v.pipe(v.string(), v.description("The id of the token that invited")),
    expires_at: Time,
    accepted_at: TimeOrNull,
    withdrawn_at: TimeOrNull,
    token_id: v.pipe(v.nullable(v.string()), v.description("The token that it gave, to revoke it")),
  }),
  v.title("AdministratorInvitation"),
);

const CreatedAdministratorInvitation = v.pipe(
  v.object({
    ...AdministratorInvitation.entries,
    mail: v.pipe(
      v.object({ sent: v.boolean(), trouble: v.nullable(v.string()) }),
      v.description("Whether the platform took the message, and why not"),
    ),
    url: v.pipe(
      v.nullable(v.string()),
      v.description(
        "The link to pass on by another way, if no message was sent; shown only here. null: it is in the message alone",
      ),
    ),
  }),
  v.title("CreatedAdministratorInvitation"),
);

const whole = (from: number, to: number, what: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to), v.description(what));

const NewAdministratorInvitation = v.pipe(
  v.strictObject({
    email: v.pipe(
      v.string(),
      v.trim(),
      v.email("must be an address such as ada@example.com"),
      v.maxLength(254),
      v.description("Who is invited, and where the message goes"),
    ),
    role: v.picklist(roles),
    rights: v.optional(
      v.pipe(
        v.array(v.picklist(rights)),
        v.transform((list) => [...new Set(list)]),
        v.description("In addition to the role"),
      ),
      [],
    ),
    valid_hours: v.optional(whole(1, 336, "How long the link is good"), 72),
    token_days: v.optional(
      whole(1, 365, "How long the token is good, where no provider signs administrators in"),
      90,
    ),
    language: v.optional(
      v.pipe(v.picklist(languages), v.description("Of the message; else the setting mail_language")),
    ),
  }),
  v.title("NewAdministratorInvitation"),
);

const byCreation = v.tuple([v.number(), v.string()]);

/** Colleagues who shall administer. A role is given here as by a token, so it needs the same role as tokens do. */
export const administratorInvitations = new Hono<ApiEnv>();

administratorInvitations.get(
  "/",
  describeRoute(
    "List the invitations of administrators, newest first",
    { 200: pageOf(AdministratorInvitation) },
    { tag: "sign-in" },
  ),
  allow("admin"),
  query(listQuery(AdministratorInvitation, byCreation)),
  async (c) =>
    listed(c, c.req.valid("query"), {
      read: (limit, after) => listAdministratorInvitations(c.var.db, limit, after),
      present,
      keyOf: (row) => [row.createdAt, row.id],
    }),
);

administratorInvitations.post(
  "/",
  describeRoute(
    "Invite a colleague to administer: a link by mail that is good once",
    { 201: CreatedAdministratorInvitation },
    {
      tag: "sign-in",
      problems: ["conflict"],
      detail:
        "An open invitation of the same address is withdrawn. Where this deployment sends no mail, the answer says so and has the link. At most 100 invitations are open at a time. See docs/sign-in.md.",
    },
  ),
  allow("admin"),
  body(NewAdministratorInvitation),
  idempotent(),
  async (c) => {
    const { email, role, rights, valid_hours, token_days, language } = c.req.valid("json");
    const order = { email, role, rights, validHours: valid_hours, tokenDays: token_days };
    const invited = await inviteAdministrator(c.env, order, c.var.caller, Date.now());
    if (!invited.ok) return problem(c, "conflict", "100 invitations are open already: withdraw some");
    const { row, code } = invited.value;
    const url = `${publicOrigin(c)}/sign-in/invitation?code=${code}`;
    const post = await openPostOffice(c, language);
    const mail =
      typeof post === "string"
        ? { sent: false, trouble: post }
        : await post.send(row.email, colleagueMessage({ ...row, url }, post.sender));
    return c.json({ ...present(row), mail, url: mail.sent ? null : url }, 201, {
      Location: `/api/v1/administrator-invitations/${row.id}`,
    });
  },
);

administratorInvitations.get(
  "/:id",
  describeRoute(
    "Read one invitation of an administrator",
    { 200: AdministratorInvitation },
    { tag: "sign-in", problems: ["not-found"] },
  ),
  allow("admin"),
  async (c) => {
    const row = await findAdministratorInvitation(c.var.db, c.req.param("id"));
    return row ? c.json(present(row)) : unknown(c, c.req.param("id"));
  },
);

administratorInvitations.delete(
  "/:id",
  describeRoute(
    "Withdraw an invitation of an administrator; it stays listed",
    { 204: "Withdrawn" },
    {
      tag: "sign-in",
      problems: ["not-found", "conflict"],
      detail:
        "An invitation that was accepted cannot be withdrawn: remove the rule of its address (PUT /api/v1/sign-in/administrators), or revoke its token.",
    },
  ),
  allow("admin"),
  async (c) => {
    const id = c.req.param("id");
    await withdrawInvitation(c.var.db, id, Date.now());
    const row = await findAdministratorInvitation(c.var.db, id);
    if (row === undefined) return unknown(c, id);
    if (row.acceptedAt === null) return c.body(null, 204);
    const what = row.tokenId === null ? "remove the rule of its address" : `revoke the token ${row.tokenId}`;
    return problem(c, "conflict", `the invitation was accepted: ${what}`);
  },
);

const unknown = (c: Context, id: string): Response =>
  problem(c, "not-found", `no invitation of an administrator has the id ${id}`);

const present = (row: AdministratorInvitationRow): v.InferInput<typeof AdministratorInvitation> => ({
  id: row.id,
  state: stateOf(row, Date.now()),
  email: row.email,
  role: row.role,
  rights: row.rights,
  way: row.way,
  token_days: row.tokenDays,
  created_at: isoTime(row.createdAt),
  created_by: row.createdBy,
  expires_at: isoTime(row.expiresAt),
  accepted_at: isoTimeOrNull(row.acceptedAt),
  withdrawn_at: isoTimeOrNull(row.withdrawnAt),
  token_id: row.tokenId,
});
