import * as v from "valibot";

/** What incoming devices must meet: rules of automated enrollment, in the settings. */
const url = v.pipe(v.string(), v.url("must be a URL"), v.startsWith("https://"), v.maxLength(2000));

const version = v.pipe(
  v.string(),
  v.regex(/^\d{1,3}(\.\d{1,3}){0,2}$/, "must be a version such as 26 or 26.1.2"),
);

/** The first that fits counts; one without account holds for all of them. */
export const minimumVersions = v.pipe(
  v.array(
    v.strictObject({
      account: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
      platform: v.picklist(["ios", "ipados", "macos", "visionos"]),
      version,
    }),
  ),
  v.maxLength(100),
);

export const platformSso = v.strictObject({
  ProfileURL: url,
  AuthURL: url,
  Package: v.strictObject({
    ManifestURL: url,
    PinningCerts: v.exactOptional(v.pipe(v.array(v.pipe(v.string(), v.base64())), v.maxLength(10))),
    PinningRevocationCheckRequired: v.exactOptional(v.boolean()),
  }),
});
