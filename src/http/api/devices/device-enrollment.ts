import { type Context, Hono } from "hono";
import * as v from "valibot";
import { buildCommand } from "../../../commands/command.ts";
import { enqueue } from "../../../commands/enqueue.ts";
import type { DeviceDescription } from "../../../device/description.ts";
import { demandSignIn } from "../../../enrollment/account/demand-sign-in.ts";
import { writeForReading } from "../../../plist/write.ts";
import { commandProblems, jsonOrNull, readMasked } from "../commands/command-json.ts";
import { channelQuery } from "../commands/device-commands.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { wantsPlist } from "../route/plist-bodies.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { body, params, query } from "../route/validate.ts";
import { noDevice } from "./device-json.ts";

const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer());

const Channel = v.pipe(
  v.object({
    id: v.pipe(text, v.description("The id of its user, for `?channel=`; null: the device channel")),
    kind: v.picklist(["device", "user_enrollment", "mac_user", "shared_ipad_user", "user_enrollment_user"]),
    enabled: v.boolean(),
    topic: v.pipe(text, v.description("The topic of the push certificate it listens to")),
    user_short_name: text,
    user_long_name: text,
    awaiting_configuration: v.boolean(),
    token_update_at: TimeOrNull,
    waiting_commands: count,
    push_outcome: v.pipe(text, v.description("How the last push ended")),
    push_outcome_at: TimeOrNull,
    unreachable: v.pipe(v.boolean(), v.description("Apple no longer takes pushes for it")),
  }),
  v.title("Channel"),
);

const Identity = v.pipe(
  v.object({
    fingerprint: v.pipe(v.string(), v.description("SHA-256 of the certificate, in hex")),
    generation: v.pipe(count, v.description("The enrollment it serves")),
    expires_at: Time,
    pinned_at: v.pipe(Time, v.description("When the device first used it")),
    retires_at: v.pipe(
      TimeOrNull,
      v.description("A newer one is in use; this one is accepted until this time"),
    ),
    revoked_at: TimeOrNull,
  }),
  v.title("Identity"),
);

const Unenrollment = v.pipe(
  v.strictObject({
    method: v.pipe(
      v.picklist(["answer", "profile"]),
      v.description(
        "answer: the answer to its next request makes it remove its profile; profile: it gets a RemoveProfile command",
      ),
    ),
  }),
  v.title("Unenrollment"),
);

const UnenrollmentStarted = v.pipe(
  v.object({
    method: v.picklist(["answer", "profile"]),
    command_uuid: v.pipe(text, v.description("The UUID of the RemoveProfile command")),
    what_happens: v.string(),
  }),
  v.title("UnenrollmentStarted"),
);

const list = <Item extends v.GenericSchema>(item: Item) =>
  v.object({ items: v.array(item), next_cursor: v.null() });

export const deviceEnrollment = new Hono<ApiEnv>();

deviceEnrollment.get(
  "/:id/channels",
  describeRoute(
    "List the channels of a device, its own first",
    { 200: list(Channel) },
    { problems: ["not-found"] },
  ),
  allow("viewer"),
  async (c) => {
    const device = await deviceOf(c).describe();
    if (device === undefined) return unknown(c);
    return c.json({ items: device.channels.map(presentChannel), next_cursor: null });
  },
);

deviceEnrollment.get(
  "/:id/identities",
  describeRoute(
    "List the identities bound to a device",
    { 200: list(Identity) },
    { problems: ["not-found"] },
  ),
  allow("viewer"),
  async (c) => {
    const device = await deviceOf(c).describe();
    if (device === undefined) return unknown(c);
    return c.json({ items: device.identities.map(presentIdentity), next_cursor: null });
  },
);

deviceEnrollment.delete(
  "/:id/identities/:fingerprint",
  describeRoute(
    "Unbind an identity from a device",
    { 204: "Unbound" },
    {
      problems: ["not-found"],
      detail:
        "Requests with this identity are refused from now on, permanently; the device needs a new certificate to enroll again. If it replaced another identity that is still accepted, that one stays in use. The certificate is not revoked.",
    },
  ),
  allow("operator"),
  async (c) => {
    const fingerprint = c.req.param("fingerprint").toLowerCase();
    const unbound = await deviceOf(c).unbindIdentity(fingerprint, c.var.caller.tokenId);
    return unbound
      ? c.body(null, 204)
      : problem(c, "not-found", `the device ${c.req.param("id")} has no identity ${fingerprint}`);
  },
);

deviceEnrollment.post(
  "/:id/identities/end-overlap",
  describeRoute(
    "Stop accepting identities that were renewed",
    { 200: v.object({ ended: v.pipe(count, v.description("How many identities were still accepted")) }) },
    { problems: ["not-found"] },
  ),
  allow("operator"),
  async (c) => {
    if ((await deviceOf(c).describe()) === undefined) return unknown(c);
    return c.json({ ended: await deviceOf(c).endOverlap(c.var.caller.tokenId) });
  },
);

deviceEnrollment.get(
  "/:id/messages/:type",
  describeRoute(
    "Read the last message of one kind that a channel sent",
    { 200: v.pipe(v.record(v.string(), v.unknown()), v.title("DeviceMessage")) },
    {
      problems: ["not-found"],
      answerTypes: { "application/xml": "A property list (XML)" },
      detail: "Secrets are masked. With `Accept: application/xml` the answer is a property list.",
    },
  ),
  allow("viewer"),
  params({ type: v.picklist(["Authenticate", "TokenUpdate"]) }),
  query(channelQuery),
  async (c) => {
    const { type } = c.req.valid("param");
    const { channel = "" } = c.req.valid("query");
    const message = readMasked(await deviceOf(c).readMessage(type, channel));
    if (!(message instanceof Map)) {
      return problem(c, "not-found", `no ${type} of this channel of ${c.req.param("id")} is kept`);
    }
    if (!wantsPlist(c)) return c.json(jsonOrNull(message));
    return c.body(writeForReading(message), 200, { "Content-Type": "application/xml" });
  },
);

deviceEnrollment.post(
  "/:id/unenroll",
  describeRoute(
    "End the enrollment of a device",
    { 200: UnenrollmentStarted },
    {
      problems: ["not-found", "conflict"],
      detail:
        "Its escrowed secrets and its history stay. With both methods it ends when the device next connects.",
    },
  ),
  allow("admin"),
  body(Unenrollment),
  async (c) => {
    const device = await deviceOf(c).describe();
    if (device === undefined) return unknown(c);
    if (device.state !== "enrolled") {
      return problem(c, "conflict", `the device is ${device.state}; only an enrolled one can be unenrolled`);
    }
    return c.req.valid("json").method === "answer" ? endByAnswer(c) : endByProfile(c, device);
  },
);

deviceEnrollment.post(
  "/:id/sign-in",
  describeRoute(
    "Demand that the person sign in on the device again",
    { 204: "Demanded" },
    {
      problems: ["not-found", "conflict"],
      detail:
        "For devices that enrolled by a person's sign-in: all that it was given is taken back. The device stays enrolled, asks the person, and is served no more until somebody has signed in to the same account.",
    },
  ),
  allow("operator"),
  async (c) => {
    const device = await deviceOf(c).describe();
    if (device === undefined) return unknown(c);
    if (device.signIn === null || device.state !== "enrolled")
      return problem(c, "conflict", "nobody signed in to enroll this device, or it is not enrolled");
    await demandSignIn(c.env, c.req.param("id"), c.var.caller.tokenId, Date.now());
    return c.body(null, 204);
  },
);

async function endByAnswer(c: Context<ApiEnv, "/:id/*">): Promise<Response> {
  await deviceOf(c).endEnrollment(c.var.caller.tokenId);
  return c.json({
    method: "answer",
    command_uuid: null,
    what_happens:
      "the answer to the device's next request makes it remove its management profile and everything that came with it; until it connects, nothing changes",
  });
}

async function endByProfile(c: Context<ApiEnv, "/:id/*">, { traits }: DeviceDescription): Promise<Response> {
  const { enrollmentProfile } = traits;
  if (enrollmentProfile === undefined) {
    return problem(
      c,
      "conflict",
      'the identifier of its enrollment profile is not known; give it a ProfileList command first, which reports it, or use the method "answer"',
    );
  }
  const command = buildCommand("RemoveProfile", { Identifier: enrollmentProfile });
  if (!command.ok) throw new Error(command.refusal.detail);
  const queued = await enqueue(c.env, command.value, {
    deviceId: c.req.param("id"),
    high: true,
    origin: c.var.caller.tokenId,
    ifKnown: true,
  });
  if (!queued.ok) return problem(c, commandProblems[queued.refusal.reason], queued.refusal.detail);
  return c.json({
    method: "profile",
    command_uuid: command.value.uuid,
    what_happens: `the device gets a RemoveProfile for ${enrollmentProfile} before any other command; it removes that profile and everything that came with it, and sends CheckOut if the profile asks for that`,
  });
}

const deviceOf = (c: Context<ApiEnv, "/:id/*">) => c.env.DEVICE.getByName(c.req.param("id"));

const unknown = (c: Context<ApiEnv, "/:id/*">): Response =>
  problem(c, "not-found", noDevice(c.req.param("id")));

const presentChannel = (channel: DeviceDescription["channels"][number]): v.InferInput<typeof Channel> => ({
  id: channel.userId || null,
  kind: channel.kind,
  enabled: channel.enabled,
  topic: channel.topic,
  user_short_name: channel.userShortName,
  user_long_name: channel.userLongName,
  awaiting_configuration: channel.awaitingConfiguration,
  token_update_at: isoTimeOrNull(channel.tokenUpdateAt),
  waiting_commands: channel.waiting,
  push_outcome: channel.pushOutcome,
  push_outcome_at: isoTimeOrNull(channel.pushOutcomeAt),
  unreachable: channel.unreachable,
});

const presentIdentity = (
  identity: DeviceDescription["identities"][number],
): v.InferInput<typeof Identity> => ({
  fingerprint: identity.fingerprint,
  generation: identity.generation,
  expires_at: isoTime(identity.notAfter),
  pinned_at: isoTime(identity.pinnedAt),
  retires_at: isoTimeOrNull(identity.retiresAt),
  revoked_at: isoTimeOrNull(identity.revokedAt),
});
