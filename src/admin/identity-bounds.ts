/** What the settings of identities may be, for those who check them and for those who use them. */
export const identityValidity = { least: 1, most: 3650, otherwise: 397 } as const;
export const renewalsPerDay = { least: 0, most: 100, otherwise: 5 } as const;
export const staticChallengeLength = { least: 16, most: 255 } as const;
