import { type Context, Hono } from "hono";
import * as v from "valibot";
import { languages } from "../../../base/languages.ts";
import { day } from "../../../base/time.ts";
import {
  findInvitation,
  type InvitationRow,
  listInvitations,
  revokeInvitation,
} from "../../../db/invitations.ts";
import { createInvitation, stateOf } from "../../../enrollment/invitations.ts";
import { invitationMessage } from "../../../mail/compose.ts";
import { publicOrigin } from "../../origin.ts";
import { qrSvg } from "../../qr-code.ts";
import { postOffice } from "../operations/post-office.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { idempotent } from "../route/idempotency.ts";
import { listed } from "../route/listed.ts";
import { listQuery, pageOf } from "../route/pages.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull, time } from "../route/times.ts";
import { body, query } from "../route/validate.ts";
import { namedDevice } from "./naming.ts";

const Invitation = v.pipe(
  v.object({
    id: v.string(),
    state: v.picklist(["active", "used-up", "expired", "revoked"]),
    note: v.string(),
    serial: v.pipe(v.nullable(v.string()), v.description("Only this device can enroll with it")),
    user: v.pipe(v.nullable(v.string()), v.description("The person it is for")),
    max_uses: v.number(),
    uses: v.pipe(v.number(), v.description("How many profiles it was used for")),
    last_used_at: TimeOrNull,
    created_at: Time,
    created_by: v.pipe(v.string(), v.description("The id of the token that made it")),
    expires_at: Time,
    revoked_at: TimeOrNull,
  }),
  v.title("Invitation"),
);

const CreatedInvitation = v.pipe(
  v.object({
    ...Invitation.entries,
    code: v.pipe(v.string(), v.description("Shown only here")),
    url: v.pipe(v.string(), v.description("The link that a person opens on the device; shown only here")),
    qr_svg: v.pipe(v.string(), v.description("The link as a QR code, an SVG picture")),
    mail: v.pipe(
      v.nullable(v.object({ sent: v.boolean(), trouble: v.nullable(v.string()) })),
      v.description("Whether the platform took the message; null: none was asked for"),
    ),
  }),
  v.title("CreatedInvitation"),
);

const longestMs = 366 * day;

const known = (what: string) =>
  v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(255), v.description(what))));

const NewInvitation = v.pipe(
  v.strictObject({
    max_uses: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(100_000),
        v.description("How many devices can enroll with it"),
      ),
      1,
    ),
    expires_at: v.optional(
      v.pipe(
        time("When it ends: in the future, within 366 days; in seven days unless set"),
        v.check((at) => at > Date.now(), "must lie in the future"),
        v.check((at) => at <= Date.now() + longestMs, "must lie within 366 days"),
      ),
    ),
    serial: known("Only the device with this serial number can enroll with it"),
    user: known("The person it is for"),
    note: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(500)), ""),
    mail_to: v.optional(
      v.pipe(
        v.nullable(
          v.pipe(v.string(), v.email("must be an address such as ada@example.com"), v.maxLength(254)),
        ),
        v.description("The link is sent to this address (docs/mail.md)"),
      ),
    ),
    mail_language: v.optional(
      v.pipe(v.picklist(languages), v.description("Of that message; else the setting mail_language")),
    ),
  }),
  v.title("NewInvitation"),
);

const byCreation = v.tuple([v.number(), v.string()]);

export const invitations = new Hono<ApiEnv>();

invitations.get(
  "/",
  describeRoute("List the invitations with their use, newest first", { 200: pageOf(Invitation) }),
  allow("viewer"),
  query(listQuery(Invitation, byCreation)),
  async (c) => {
    return listed(c, c.req.valid("query"), {
      read: (limit, after) => listInvitations(c.var.db, limit, after),
      present,
      keyOf: (row) => [row.createdAt, row.id],
    });
  },
);

invitations.post(
  "/",
  describeRoute(
    "Make an invitation: a link and a QR code with which devices enroll",
    { 201: CreatedInvitation },
    {
      detail:
        "Only this answer shows the code and the link. An invitation for the serial number of an enrolled device needs the role admin.",
    },
  ),
  allow("operator"),
  body(NewInvitation, { optional: true }),
  idempotent(),
  async (c) => {
    const { max_uses: maxUses, expires_at, serial, user, note, mail_to, mail_language } = c.req.valid("json");
    const post = mail_to ? await postOffice(c, mail_language) : undefined;
    if (post instanceof Response) return post;
    const issuedFor = await namedDevice(c, { serial, account: user });
    if (!issuedFor.ok) return issuedFor.refusal;
    const now = Date.now();
    const { row, code } = await createInvitation(
      c.var.db,
      {
        note,
        serial: serial ?? undefined,
        replaces: issuedFor.value.replaces === true,
        account: user ?? undefined,
        maxUses,
        expiresAt: expires_at ?? now + 7 * day,
      },
      c.var.caller.tokenId,
      now,
    );
    const url = `${publicOrigin(c)}/enroll?code=${code}`;
    const mail =
      post && mail_to
        ? await post.send(mail_to, invitationMessage({ url, expiresAt: row.expiresAt }, post.sender))
        : null;
    return c.json({ ...present(row), code, url, qr_svg: qrSvg(url), mail }, 201, {
      Location: `/api/v1/enrollment/invitations/${row.id}`,
    });
  },
);

invitations.get(
  "/:id",
  describeRoute("Read one invitation", { 200: Invitation }, { problems: ["not-found"] }),
  allow("viewer"),
  async (c) => {
    const row = await findInvitation(c.var.db, c.req.param("id"));
    return row ? c.json(present(row)) : unknown(c, c.req.param("id"));
  },
);

invitations.delete(
  "/:id",
  describeRoute(
    "Revoke an invitation; it stays listed",
    { 204: "Revoked" },
    {
      detail: "Profiles that were handed out for it can still be installed until their challenge expires.",
      problems: ["not-found"],
    },
  ),
  allow("operator"),
  async (c) => {
    const row = await findInvitation(c.var.db, c.req.param("id"));
    if (row === undefined) return unknown(c, c.req.param("id"));
    await revokeInvitation(c.var.db, row.id, Date.now());
    return c.body(null, 204);
  },
);

const unknown = (c: Context, id: string): Response =>
  problem(c, "not-found", `no invitation has the id ${id}`);

const present = (row: InvitationRow): v.InferInput<typeof Invitation> => ({
  id: row.id,
  state: stateOf(row, Date.now()),
  note: row.note,
  serial: row.serial,
  user: row.account,
  max_uses: row.maxUses,
  uses: row.uses,
  last_used_at: isoTimeOrNull(row.lastUsedAt),
  created_at: isoTime(row.createdAt),
  created_by: row.createdBy,
  expires_at: isoTime(row.expiresAt),
  revoked_at: isoTimeOrNull(row.revokedAt),
});
