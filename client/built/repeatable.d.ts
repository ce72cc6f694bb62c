/** POSTs that take an Idempotency-Key: sent again with the same key, they are done once. */
export declare const repeatable: ReadonlySet<string>;
