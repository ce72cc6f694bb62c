/** A body that is no JSON: its content type, and what is sent. */
export type Bytes<Type extends string = string> = {
  readonly type: Type;
  readonly bytes: Uint8Array | string;
};
