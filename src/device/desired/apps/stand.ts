import { commandedStand, declaredStand, type Stand, type ToldApp } from "../../../apps/states.ts";
import type { AppRow } from "../../store/apps.ts";
import { removed } from "./decide.ts";

/** How it stands with an app, from everything that is known of it. */
export function standOf(row: AppRow): Stand {
  const { wish, hindrance, error, channel, told } = row;
  if (wish === "gone") return { state: "removing", reason: error };
  if (hindrance !== null && (told === null || channel === null)) return JSON.parse(hindrance) as Stand;
  if (error !== null) return { state: "failed", reason: error };
  if (told !== null) {
    const said = JSON.parse(told) as ToldApp;
    return channel === "declarations" ? declaredStand(said) : commandedStand(said);
  }
  if (channel === "commands" && row.applied !== null && row.applied !== removed && row.command_uuid === null)
    return { state: "installing", reason: null };
  return { state: "pending", reason: null };
}

/** With its state, and since when it is in it. */
export function withStand(row: AppRow, now: number): AppRow {
  const { state, reason } = standOf(row);
  return { ...row, state, reason, since: state === row.state ? row.since : now };
}
