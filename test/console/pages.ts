/**
 * Every page of the console that is tested as such: accessibility, keyboard, hostile names, both themes, pictures. Who writes a
 * page adds a line; `:device` is the id of the first device of the fleet.
 */
export const pages: Readonly<Record<string, string>> = {
  start: "/",
  enrollment: "/enrollment",
  "new-invitation": "/enrollment?new=yes",
  push: "/enrollment/push",
  ade: "/enrollment/ade",
  "enrollment-settings": "/enrollment/settings",
};
