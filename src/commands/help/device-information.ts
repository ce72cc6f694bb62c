import { ok } from "../../base/result.ts";
import { defaultQueries } from "../../inventory/questions.ts";
import { completed, type Helper } from "./help.ts";

/** All that this device would answer. */
export const deviceInformation: Helper = async (payload, { subject }) =>
  payload.has("Queries")
    ? ok(payload)
    : ok(completed(payload, new Map([["Queries", await defaultQueries(subject.context)]])));
