import * as v from "valibot";

const from = (least: number, most: number) =>
  v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most)));

const flag = v.exactOptional(v.boolean());

/** The payload of com.apple.configuration.passcode.settings. A test compares it with the catalogue. */
export const passcodePolicy = v.strictObject({
  RequirePasscode: flag,
  RequireAlphanumericPasscode: flag,
  RequireComplexPasscode: flag,
  MinimumLength: from(0, 16),
  MinimumComplexCharacters: from(0, 4),
  MaximumFailedAttempts: from(2, 11),
  FailedAttemptsResetInMinutes: from(0, 1_000_000),
  MaximumGracePeriodInMinutes: from(0, 1_000_000),
  MaximumInactivityInMinutes: from(0, 15),
  MaximumPasscodeAgeInDays: from(0, 730),
  PasscodeReuseLimit: from(1, 50),
  ChangeAtNextAuth: flag,
});
