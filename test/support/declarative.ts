import { env } from "cloudflare:workers";
import { patchSettings } from "../../src/admin/settings.ts";
import { ask } from "./admin.ts";
import { type AppleDevice, declarationsOf, type UserChannel } from "./apple-device.ts";
import { giveSets, putSet, settle } from "./assignment.ts";
import { alarmOf, objectOf } from "./fleet.ts";

/** A declaration for the library. */
export type Declared = { identifier: string; type: string; payload: Record<string, unknown> };

export const passcode = (identifier: string, MinimumLength: number): Declared => ({
  identifier,
  type: "com.apple.configuration.passcode.settings",
  payload: { MinimumLength },
});

/** Does nothing but be there. */
export const echo = (identifier: string, Echo = identifier): Declared => ({
  identifier,
  type: "com.apple.configuration.management.test",
  payload: { Echo },
});

export const activation = (
  identifier: string,
  StandardConfigurations: string[],
  Predicate?: string,
): Declared => ({
  identifier,
  type: "com.apple.activation.simple",
  payload: { StandardConfigurations, ...(Predicate === undefined ? {} : { Predicate }) },
});

export const organization = (identifier: string, Name: string): Declared => ({
  identifier,
  type: "com.apple.management.organization-info",
  payload: { Name },
});

/** The server declares by itself only what a test is about. */
export const declareNothingElse = (): Promise<unknown> =>
  patchSettings(env, { provided_declarations: "none", status_items: [] }, Date.now());

/** Into the library, as an administrator puts it there, whatever the catalogue thinks of it. */
export async function library(...declarations: Declared[]): Promise<void> {
  for (const { identifier, ...content } of declarations) {
    const path = `/api/v1/declarations/${encodeURIComponent(identifier)}?validate=off`;
    const { status, text } = await ask("PUT", path, { json: content });
    if (status >= 300) throw new Error(text);
  }
}

type Channel = AppleDevice | UserChannel;
const isUser = (channel: Channel): channel is UserChannel => "shortName" in channel;
export const deviceOf = (channel: Channel): AppleDevice => (isUser(channel) ? channel.device : channel);
export const userOf = (channel: Channel): string => (isUser(channel) ? channel.id : "");

/** What the channel should have from now on; they are put into the library as they are here. */
export async function declare(channel: Channel, declarations: Declared[]): Promise<void> {
  const device = deviceOf(channel);
  await Promise.all([settle(device), library(...declarations)]);
  const name = `of ${device.id} ${userOf(channel)}`.trim();
  await putSet(name, { declarations: declarations.map(({ identifier }) => identifier) });
  await giveSets(device, [name], userOf(channel) || undefined);
  await settle(device);
}

/** The device fetches what waits for it and reports, and the server reads what it said. */
export async function synchronised(channel: Channel): Promise<string[]> {
  const turns = await channel.converse();
  await alarmOf(deviceOf(channel));
  return turns.map(({ command }) => command.requestType);
}

export const kept = (channel: Channel): string[] => [...declarationsOf(channel).kept.keys()].sort();

/** How the object says that a channel stands with each of its declarations. */
export async function statesOf(channel: Channel): Promise<{ [identifier: string]: string }> {
  const told = await objectOf(deviceOf(channel)).describeDeclarations(userOf(channel), 1_000);
  return Object.fromEntries((told?.declarations ?? []).map(({ identifier, state }) => [identifier, state]));
}
