import { compact, isObject, type JsonObject, numberAt, textAt } from "../ade/json.ts";

/** A device management server of the portal, in Apple's names: one of them is what an ADE account is here. */
export type MdmServer = {
  id: string;
  serverName?: string;
  serverType?: string;
  /** `ACTIVE`, `INACTIVE`, `DELETED`. */
  status?: string;
  deviceCount?: number;
  lastConnectedDateTime?: string;
  lastConnectedIp?: string;
  createdDateTime?: string;
  updatedDateTime?: string;
};

/** Ids go back in paths. */
export const isId = (text: string): boolean => /^[A-Za-z0-9_-]{1,100}$/.test(text);

export function readServer(value: JsonObject): MdmServer | undefined {
  const id = textAt(value, "id") ?? "";
  if (!isId(id)) return undefined;
  const attributes = isObject(value.attributes) ? value.attributes : {};
  return {
    id,
    ...compact({
      serverName: textAt(attributes, "serverName"),
      serverType: textAt(attributes, "serverType"),
      status: textAt(attributes, "status"),
      deviceCount: numberAt(attributes, "deviceCount"),
      lastConnectedDateTime: textAt(attributes, "lastConnectedDateTime"),
      lastConnectedIp: textAt(attributes, "lastConnectedIp"),
      createdDateTime: textAt(attributes, "createdDateTime"),
      updatedDateTime: textAt(attributes, "updatedDateTime"),
    }),
  };
}
