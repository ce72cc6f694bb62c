// InstallApplicationResponse: https://developer.apple.com/documentation/devicemanagement/installapplicationresponse
// The surprise: a device may acknowledge the command and reject the app.
import { textAt } from "../inventory/answer-keys.ts";
import type { ResultReader } from "./result-facts.ts";

export const installation: ResultReader = ({ result }) => ({
  installation: {
    identifier: textAt(result, "Identifier")?.slice(0, 255),
    rejection: textAt(result, "RejectionReason")?.slice(0, 100),
    isAcknowledged: textAt(result, "Status") === "Acknowledged",
  },
});
