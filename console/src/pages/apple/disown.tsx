// Devices leave the organisation for ever. Apple cannot take it back, so it is said in full and typed.

import type { Schemas } from "../../../../client/api.d.ts";
import { api } from "../../api/api.ts";
import { confirm } from "../../parts/dialog.tsx";
import { words } from "../../words/words.ts";

/** As many as Apple takes in one call. */
export const mostDisowned = 25;

/** Undefined: the person did not mean it. */
export async function disown(serials: readonly string[]): Promise<Schemas["AdeOutcomes"] | undefined> {
  const said = words("apple").device;
  const { devices } = words("common").say;
  const [only] = serials;
  const yes = await confirm({
    title: said.disownTitle(devices(serials.length)),
    text: (
      <>
        <p>{said.disownText}</p>
        <p class="breakable">
          {serials.map((serial, at) => (
            <span key={serial}>
              {at > 0 && ", "}
              <code>{serial}</code>
            </span>
          ))}
        </p>
      </>
    ),
    yes: said.disown,
    danger: true,
    type: serials.length === 1 ? (only ?? "") : String(serials.length),
  });
  if (!yes) return undefined;
  const body = { serial_numbers: [...serials], confirm: serials.length };
  return await api.post("/ade/devices/disown", { body });
}
