/** What the sealed keys of requests and of the vendor are bound to. */
export const pushRequestKeyContext = (id: string) => ({ what: "push-request-key", whose: [id] });
export const pushExchangeKeyContext = (id: string) => ({ what: "push-exchange-key", whose: [id] });
export const pushVendorKeyContext = (id: string) => ({ what: "push-vendor-key", whose: [id] });
