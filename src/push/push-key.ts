/** What the sealed key of a push certificate is bound to. */
export const pushKeyContext = (id: string) => ({ what: "push-key", whose: [id] });
