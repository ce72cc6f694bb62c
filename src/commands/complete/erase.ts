import type { Completer } from "./completer.ts";
import { pin } from "./pin.ts";
import { returnToService } from "./return-to-service.ts";

/** A Mac gets a PIN; a device that is to come back by itself, what it needs for that. */
export const eraseDevice: Completer = async (payload, known) => {
  const complete = await returnToService(payload, known);
  return complete.ok ? pin(complete.value, known) : complete;
};
