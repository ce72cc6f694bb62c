import * as v from "valibot";

/** What Cloudflare's device posture asks with, and what its scores are made of (docs/posture.md). */
const points = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100));

export const postureParts = ["enrolled", "seen", "encrypted", "passcode", "os", "attested"] as const;
export type PosturePart = (typeof postureParts)[number];

const parts = {
  enrolled: points,
  seen: points,
  encrypted: points,
  passcode: points,
  os: points,
  attested: points,
} satisfies Record<PosturePart, typeof points>;

export const posturePolicy = v.pipe(
  v.strictObject({
    ...parts,
    seen_days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365)),
  }),
  v.check(
    (policy) => postureParts.reduce((sum, part) => sum + policy[part], 0) === 100,
    "the points of its six parts must be 100 together",
  ),
);

export type PosturePolicy = v.InferOutput<typeof posturePolicy>;

export const defaultPosturePolicy: PosturePolicy = {
  enrolled: 40,
  seen: 10,
  encrypted: 15,
  passcode: 15,
  os: 10,
  attested: 10,
  seen_days: 7,
};

/** Two, so that a service token can be rotated. */
export const postureCallers = v.pipe(
  v.array(
    v.strictObject({
      client_id: v.pipe(v.string(), v.regex(/^[!-~]{8,255}$/, "must be the client id of a service token")),
      client_secret: v.pipe(v.string(), v.regex(/^[!-~]{32,255}$/, "must be the secret of a service token")),
    }),
  ),
  v.minLength(1),
  v.maxLength(2),
);

export const postureAccess = v.strictObject({
  issuer: v.pipe(
    v.string(),
    v.regex(/^https:\/\/[a-z0-9-]+\.cloudflareaccess\.com$/, "must be https://<team>.cloudflareaccess.com"),
  ),
  audience: v.pipe(v.string(), v.regex(/^[!-~]{16,255}$/, "must be the AUD tag of the application")),
});
