import * as v from "valibot";

const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(255));
const flag = v.exactOptional(v.boolean());

/** What macOS takes for a short name: it becomes the name of the home folder. */
const shortName = v.pipe(
  v.string(),
  v.regex(
    /^[a-z_][a-z0-9_.-]{0,30}$/,
    "must begin with a letter, in small letters, digits, '_', '.' and '-'",
  ),
);

/**
 * The accounts of a Mac that is being set up: Apple's keys of AccountConfiguration, and in place of the password hash
 * only who the managed administrator is, whose password is made for each Mac.
 */
export const setupAccounts = v.pipe(
  v.strictObject({
    SkipPrimarySetupAccountCreation: flag,
    SetPrimarySetupAccountAsRegularUser: flag,
    DontAutoPopulatePrimaryAccountInfo: flag,
    LockPrimaryAccountInfo: flag,
    PrimaryAccountFullName: v.exactOptional(name),
    PrimaryAccountUserName: v.exactOptional(shortName),
    ManagedLocalUserShortName: v.exactOptional(shortName),
    administrator: v.exactOptional(
      v.strictObject({
        shortName,
        fullName: v.exactOptional(name),
        hidden: v.exactOptional(v.boolean()),
      }),
    ),
  }),
  v.check(
    ({ administrator, SkipPrimarySetupAccountCreation, SetPrimarySetupAccountAsRegularUser }) =>
      administrator !== undefined ||
      !(SkipPrimarySetupAccountCreation || SetPrimarySetupAccountAsRegularUser),
    "needs an administrator: without one nobody could administer the Mac",
  ),
);

export type SetupAccounts = v.InferOutput<typeof setupAccounts>;
