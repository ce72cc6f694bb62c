import type { JsonObject } from "../ade/json.ts";
import { type ContentAsset, readAssets } from "./asset.ts";
import { type Assignment, readAssignments } from "./assignment.ts";
import { type ClientConfig, configBody, type NewClientConfig, readClientConfig } from "./client-config.ts";
import { readServiceConfig, type ServiceConfig } from "./limits.ts";
import { type LicenceOrder, type OrderStatus, orderBody, readEventId, readOrderStatus } from "./order.ts";
import { type ContentPage, readContentPage } from "./page.ts";
import {
  type CursorPage,
  readCursorPage,
  readSubscription,
  readSubscriptionSeat,
  type Subscription,
  type SubscriptionSeat,
} from "./subscription.ts";
import { type ContentUser, type NewContentUser, readUsers } from "./user.ts";

/** A call of Apple's service for Apps and Books, and how its answer is read. */
export type ContentCall<Answer> = {
  method: "GET" | "POST";
  /** Below `/mdm/v2/`. */
  path: string;
  body?: JsonObject;
  /** Without the token: the one call that Apple answers to anybody. */
  isOpen?: true;
  /** undefined: it lacks what it should hold. */
  read: (body: JsonObject) => Answer | undefined;
};

const get = <Answer>(
  path: string,
  query: Record<string, string | undefined>,
  read: ContentCall<Answer>["read"],
): ContentCall<Answer> => {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const search = new URLSearchParams(given).toString();
  return { method: "GET", path: search === "" ? path : `${path}?${search}`, read };
};

const post = <Answer>(
  path: string,
  body: JsonObject,
  read: ContentCall<Answer>["read"],
): ContentCall<Answer> => ({ method: "POST", path, body, read });

export const serviceConfigCall = (): ContentCall<ServiceConfig> => ({
  ...get("service/config", {}, readServiceConfig),
  isOpen: true,
});

export const clientConfigCall = (): ContentCall<ClientConfig> => get("client/config", {}, readClientConfig);

export const setClientConfigCall = (config: NewClientConfig): ContentCall<ClientConfig> =>
  post("client/config", configBody(config), readClientConfig);

const pages = <Item>(
  path: string,
  at: number,
  query: Record<string, string | undefined>,
  readItems: (body: JsonObject) => Item[] | undefined,
): ContentCall<ContentPage<Item>> =>
  get(path, { ...query, pageIndex: String(at) }, (body) => readContentPage(body, readItems, at));

export const assetsCall = (at: number, adamId?: string): ContentCall<ContentPage<ContentAsset>> =>
  pages("assets", at, { adamId }, readAssets);

/** `since`: the version after which changes are asked for; undefined: all. */
export const assignmentsCall = (
  at: number,
  since: string | undefined,
): ContentCall<ContentPage<Assignment>> =>
  pages("assignments", at, { sinceVersionId: since }, readAssignments);

export const usersCall = (at: number, since: string | undefined): ContentCall<ContentPage<ContentUser>> =>
  pages("users", at, { sinceVersionId: since }, readUsers);

/** undefined: there is none with that id. */
export const userCall = (clientUserId: string): ContentCall<{ user: ContentUser | undefined }> =>
  get("users", { clientUserId }, (body) => {
    const users = readUsers(body);
    return users && { user: users.find((user) => user.clientUserId === clientUserId) };
  });

/** What is written, and what Apple calls it. */
export const orderPaths = {
  associate: "assets/associate",
  disassociate: "assets/disassociate",
  revoke: "assets/revoke",
} as const;

export type OrderKind = keyof typeof orderPaths;

/** The id of the event. */
export const orderCall = (kind: OrderKind, order: LicenceOrder): ContentCall<string> =>
  post(orderPaths[kind], orderBody(order), readEventId);

export type UserChange = "create" | "update" | "retire";

export const usersOrderCall = (change: UserChange, users: readonly NewContentUser[]): ContentCall<string> =>
  post(`users/${change}`, { users }, readEventId);

export const orderStatusCall = (eventId: string): ContentCall<OrderStatus> =>
  get("status", { eventId }, readOrderStatus);

/** `cursor`: what Apple gave with the page before. */
export const subscriptionsCall = (cursor: string | undefined): ContentCall<CursorPage<Subscription>> =>
  get("subscriptions", { cursor }, (body) => readCursorPage(body, "subscriptions", readSubscription));

export const subscriptionSeatsCall = (
  adamId: string,
  cursor: string | undefined,
): ContentCall<CursorPage<SubscriptionSeat>> =>
  get("subscriptions/assignments", { adamId, cursor }, (body) =>
    readCursorPage(body, "assignments", readSubscriptionSeat),
  );
