import { type Context, Hono } from "hono";
import * as v from "valibot";
import { offerStates } from "../../../assignment/offer-state.ts";
import {
  chooseOffer,
  findOffer,
  findShelfLink,
  listOffers,
  type Offer,
  type OfferRefusal,
  returnOffer,
} from "../../../assignment/offers.ts";
import { memberKinds } from "../../../db/schema/sets.ts";
import { publicOrigin } from "../../origin.ts";
import { channelQuery } from "../commands/device-commands.ts";
import type { ApiEnv } from "../route/api-env.ts";
import { allow } from "../route/auth.ts";
import { problem } from "../route/problem.ts";
import { describeRoute } from "../route/route-line.ts";
import { isoTime, isoTimeOrNull, Time, TimeOrNull } from "../route/times.ts";
import { params, query } from "../route/validate.ts";
import { noDevice } from "./device-json.ts";

/** What the sets of a channel offer, and what is chosen of it. */
const kind = v.picklist(memberKinds);

const OfferJson = v.pipe(
  v.object({
    kind,
    identifier: v.string(),
    name: v.pipe(v.nullable(v.string()), v.description("For people; null: it has none")),
    sets: v.pipe(v.array(v.string()), v.description("The sets that offer it")),
    chosen: v.nullable(
      v.object({
        at: Time,
        by: v.pipe(v.nullable(v.string()), v.description("The id of a token; null: a person at the device")),
      }),
    ),
    state: v.pipe(
      v.picklist(offerStates),
      v.description(
        "available: it was not chosen. installing: it was chosen and is on its way. waiting_for_licence: of an app, and there is none left. waiting_for_person: the device asks its user. not_applicable: it was chosen and is not for this kind of device. removing: it was given back and is still there",
      ),
    ),
    since: TimeOrNull,
    reason: v.pipe(v.nullable(v.string()), v.description("Why it failed")),
  }),
  v.title("Offer"),
);

const OfferList = v.pipe(
  v.object({ items: v.array(OfferJson), next_cursor: v.null() }),
  v.title("OfferList"),
);

const ShelfLink = v.pipe(
  v.object({
    url: v.pipe(
      v.string(),
      v.description("Who has it can install and remove what this channel is offered, and nothing else"),
    ),
  }),
  v.title("ShelfLink"),
);

export const deviceOffers = new Hono<ApiEnv>();

deviceOffers.get(
  "/:id/shelf-link",
  describeRoute(
    "Read the link of the self-service page of a channel",
    { 200: ShelfLink },
    {
      tag: "sets",
      problems: ["not-found", "conflict"],
      detail: "The same as the variable `{{device.shelf_url}}`. It ends with the enrollment.",
    },
  ),
  allow("helpdesk"),
  query(channelQuery),
  (c) => shelfLink(c, c.req.valid("query"), false),
);

deviceOffers.post(
  "/:id/shelf-link/renew",
  describeRoute(
    "Renew the links of the self-service pages of a device",
    { 200: ShelfLink },
    {
      tag: "sets",
      problems: ["not-found", "conflict"],
      detail:
        "All earlier links of the device end at once. Profiles with `{{device.shelf_url}}` are installed again, with the new link.",
    },
  ),
  allow("helpdesk"),
  query(channelQuery),
  (c) => shelfLink(c, c.req.valid("query"), true),
);

async function shelfLink(
  c: Context<ApiEnv, "/:id/*">,
  asked: { channel?: string | undefined },
  renew: boolean,
): Promise<Response> {
  const order = { origin: publicOrigin(c), renew };
  const found = await findShelfLink(c.env, channelOf(c, asked), order, Date.now());
  return found.ok ? c.json({ url: found.value }) : refused(c, found.refusal);
}

deviceOffers.get(
  "/:id/offers",
  describeRoute(
    "List what the sets of a channel offer, and what was chosen",
    { 200: OfferList },
    {
      tag: "sets",
      problems: ["not-found", "conflict"],
      detail: "What one of the sets requires is not offered: the device gets it in any case.",
    },
  ),
  allow("viewer"),
  query(channelQuery),
  async (c) => {
    const listed = await listOffers(c.env, channelOf(c, c.req.valid("query")), Date.now());
    if (!listed.ok) return refused(c, listed.refusal);
    return c.json({ items: listed.value.offers.map(present), next_cursor: null });
  },
);

const named = params({ kind: v.string(), name: v.pipe(v.string(), v.minLength(1), v.maxLength(400)) });

deviceOffers.get(
  "/:id/offers/:kind/:name",
  describeRoute(
    "Read one thing that a set offers",
    { 200: OfferJson },
    { tag: "sets", problems: ["not-found", "conflict"] },
  ),
  allow("viewer"),
  named,
  query(channelQuery),
  async (c) => {
    const { name } = c.req.valid("param");
    const kind = kindNamed(c.req.valid("param").kind);
    if (kind === undefined) return refused(c, { reason: "not-offered" }, name);
    const channel = channelOf(c, c.req.valid("query"));
    const found = await findOffer(c.env, channel, { kind, identifier: name }, Date.now());
    return found.ok ? c.json(present(found.value.offer)) : refused(c, found.refusal, name);
  },
);

deviceOffers.put(
  "/:id/offers/:kind/:name",
  describeRoute(
    "Choose something that a set offers",
    { 200: OfferJson },
    {
      tag: "sets",
      problems: ["not-found", "conflict"],
      detail: "The device gets it a moment later. The choice ends with the enrollment.",
    },
  ),
  allow("helpdesk"),
  named,
  query(channelQuery),
  async (c) => {
    const { name } = c.req.valid("param");
    const kind = kindNamed(c.req.valid("param").kind);
    if (kind === undefined) return refused(c, { reason: "not-offered" }, name);
    const channel = channelOf(c, c.req.valid("query"));
    const by = c.var.caller.tokenId;
    const chosen = await chooseOffer(c.env, channel, { kind, identifier: name }, by, Date.now());
    return chosen.ok ? c.json(present(chosen.value)) : refused(c, chosen.refusal, name);
  },
);

deviceOffers.delete(
  "/:id/offers/:kind/:name",
  describeRoute(
    "Give back something that was chosen",
    { 204: "Given back" },
    { tag: "sets", problems: ["not-found", "conflict"], detail: "The device loses it a moment later." },
  ),
  allow("helpdesk"),
  named,
  query(channelQuery),
  async (c) => {
    const { name } = c.req.valid("param");
    const kind = kindNamed(c.req.valid("param").kind);
    if (kind === undefined) return refused(c, { reason: "not-offered" }, name);
    const channel = channelOf(c, c.req.valid("query"));
    const given = await returnOffer(c.env, channel, { kind, identifier: name }, Date.now());
    return given.ok ? c.body(null, 204) : refused(c, given.refusal, name);
  },
);

const kindNamed = (text: string) => memberKinds.find((known) => known === text);

const channelOf = (c: Context<ApiEnv, "/:id/*">, { channel = "" }: { channel?: string | undefined }) => ({
  deviceId: c.req.param("id"),
  userId: channel,
});

function refused(c: Context<ApiEnv, "/:id/*">, { reason }: OfferRefusal, name = ""): Response {
  const id = c.req.param("id");
  if (reason === "unknown-device") return problem(c, "not-found", noDevice(id));
  if (reason === "not-enrolled")
    return problem(c, "conflict", "the device is not enrolled: choices are made for one enrollment");
  return problem(c, "not-found", `no set of this channel offers ${JSON.stringify(name)}`);
}

const present = (offer: Offer) => ({
  kind: offer.kind,
  identifier: offer.identifier,
  name: offer.name,
  sets: offer.sets,
  chosen: offer.chosen ? { at: isoTime(offer.chosen.at), by: offer.chosen.by } : null,
  state: offer.state,
  since: isoTimeOrNull(offer.since),
  reason: offer.reason,
});
