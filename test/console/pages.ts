/**
 * Every page of the console that is tested as such: accessibility, keyboard, hostile names, both themes, pictures. Who writes a
 * page adds a line; `:device` and `:webhook` are ids of the fleet's first device and webhook.
 */
export const pages: Readonly<Record<string, string>> = {
  start: "/",
  devices: "/devices",
  device: "/devices/:device",
  "device-assigned": "/devices/:device/assigned",
  "device-commands": "/devices/:device/commands",
  enrollment: "/enrollment",
  push: "/enrollment/push",
  ade: "/enrollment/ade",
  "enrollment-settings": "/enrollment/settings",
  certificates: "/certificates",
  "certificates-issued": "/certificates/issued",
  "certificates-signing": "/certificates/signing",
  webhooks: "/webhooks",
  "webhooks-new": "/webhooks?new=yes",
  webhook: "/webhooks/:webhook",
  access: "/access",
  "access-new": "/access?new=yes",
  "access-people": "/access/people",
  "access-sign-in": "/access/sign",
  audit: "/audit",
  jobs: "/jobs",
  system: "/system",
  "system-backup": "/system/backup",
  "system-cost": "/system/cost",
  settings: "/settings",
};
