import { ok } from "../../base/result.ts";
import { defaultQueries } from "../../inventory/questions.ts";
import { type Completer, withKeys } from "./completer.ts";

/** All queries that this device can answer. */
export const deviceInformation: Completer = async (payload, { subject }) =>
  payload.has("Queries")
    ? ok(payload)
    : ok(withKeys(payload, new Map([["Queries", await defaultQueries(subject.context)]])));
