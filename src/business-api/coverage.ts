import { timeOf } from "../ade/device.ts";
import { compact, flagAt, isObject, type JsonObject, textAt } from "../ade/json.ts";

/** One of the warranties and AppleCare plans of a device, in Apple's names. */
export type Coverage = {
  description?: string;
  /** `ACTIVE` or `INACTIVE`. */
  status?: string;
  /** `ABE_SUBSCRIPTION`, `PAID_UP_FRONT`, `SUBSCRIPTION`, `NONE`. */
  paymentType?: string;
  agreementNumber?: string;
  startDateTime?: string;
  endDateTime?: string;
  contractCancelDateTime?: string;
  isRenewable?: boolean;
  isCanceled?: boolean;
};

export const mostCoverages = 20;

export function readCoverage({ attributes }: JsonObject): Coverage | undefined {
  if (!isObject(attributes)) return undefined;
  return compact({
    description: textAt(attributes, "description"),
    status: textAt(attributes, "status"),
    paymentType: textAt(attributes, "paymentType"),
    agreementNumber: textAt(attributes, "agreementNumber"),
    startDateTime: textAt(attributes, "startDateTime"),
    endDateTime: textAt(attributes, "endDateTime"),
    contractCancelDateTime: textAt(attributes, "contractCancelDateTime"),
    isRenewable: flagAt(attributes, "isRenewable"),
    isCanceled: flagAt(attributes, "isCanceled"),
  });
}

/** When the last active one ends; undefined: none is active, or none has an end. */
export function coveredUntil(coverages: readonly Coverage[]): number | undefined {
  const ends = coverages.flatMap(({ status, endDateTime }) =>
    status === "ACTIVE" ? (timeOf(endDateTime) ?? []) : [],
  );
  return ends.length > 0 ? Math.max(...ends) : undefined;
}
