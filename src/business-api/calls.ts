import { isObject, type JsonObject, textAt } from "../ade/json.ts";
import { type Activity, type ActivityOrder, activityBody, readActivity } from "./activity.ts";
import { type Coverage, mostCoverages, readCoverage } from "./coverage.ts";
import { isSerial, type OrgDevice, readOrgDevice } from "./device.ts";
import { listPath, type Page, readPage } from "./page.ts";
import { isId, type MdmServer, readServer } from "./server.ts";

/** A call of the Apple Business API, and how its answer is read. */
export type BusinessCall<Answer> = {
  method: "GET" | "POST";
  /** From `/v1/` on. */
  path: string;
  body?: JsonObject;
  /** A 404 that says "none" rather than "no such thing". */
  none?: Answer;
  /** undefined: it lacks what it should hold. */
  read: (body: JsonObject, baseUrl: string) => Answer | undefined;
};

const get = <Answer>(path: string, read: BusinessCall<Answer>["read"]): BusinessCall<Answer> => ({
  method: "GET",
  path,
  read,
});

const pages = <Item>(path: string, readItem: (value: JsonObject) => Item | undefined) =>
  get<Page<Item>>(path, (body, baseUrl) => readPage(body, readItem, { path, baseUrl }));

/** `next`: of the page before. */
export const orgDevicesCall = (next: string | undefined, limit: number): BusinessCall<Page<OrgDevice>> =>
  pages(next ?? listPath("/v1/orgDevices", limit), readOrgDevice);

export const orgDeviceCall = (serial: string): BusinessCall<OrgDevice> =>
  get(`/v1/orgDevices/${encodeURIComponent(serial)}`, ({ data }) =>
    isObject(data) ? readOrgDevice(data) : undefined,
  );

/** None is an empty list, or a 404. */
export const coverageCall = (serial: string): BusinessCall<Page<Coverage>> => ({
  ...pages(
    listPath(`/v1/orgDevices/${encodeURIComponent(serial)}/appleCareCoverage`, mostCoverages),
    readCoverage,
  ),
  none: { items: [], next: undefined },
});

/** The id of the server that a device is assigned to; "": none, which Apple says in two ways. */
export const assignedServerCall = (serial: string): BusinessCall<string> => ({
  ...get(`/v1/orgDevices/${encodeURIComponent(serial)}/relationships/assignedServer`, ({ data }) =>
    isObject(data) ? (textAt(data, "id") ?? "") : "",
  ),
  none: "",
});

export const serversCall = (next: string | undefined, limit: number): BusinessCall<Page<MdmServer>> =>
  pages(next ?? listPath("/v1/mdmServers", limit), readServer);

/** Serial numbers. */
export const serverDevicesCall = (
  id: string,
  next: string | undefined,
  limit: number,
): BusinessCall<Page<string>> =>
  pages(
    next ?? listPath(`/v1/mdmServers/${encodeURIComponent(id)}/relationships/devices`, limit),
    (value) => {
      const serial = textAt(value, "id") ?? "";
      return isSerial(serial) ? serial : undefined;
    },
  );

export const orderCall = (order: ActivityOrder, serials: readonly string[]): BusinessCall<Activity> => ({
  method: "POST",
  path: "/v1/orgDeviceActivities",
  body: activityBody(order, serials),
  read: readActivity,
});

export function activityCall(id: string): BusinessCall<Activity> {
  if (!isId(id)) throw new Error("an activity's id goes into a path");
  return get(`/v1/orgDeviceActivities/${id}`, readActivity);
}
