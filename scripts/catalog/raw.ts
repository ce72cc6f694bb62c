// What Apple's YAML files hold, as far as this generator reads them.
export type RawOs = Record<string, Record<string, unknown>>;

export type RawKey = {
  key: string;
  type: string;
  presence?: string;
  supportedOS?: RawOs;
  subkeys?: RawKey[];
  rangelist?: (string | number | boolean)[];
  repetition?: { min?: number; max?: number };
  [attribute: string]: unknown;
};

export type RawFile = {
  payload: {
    requesttype?: string;
    payloadtype?: string;
    declarationtype?: string;
    statusitemtype?: string;
    credentialtype?: string;
    supportedOS?: RawOs;
    apply?: "single" | "multiple" | "combined";
    beta?: boolean;
    [attribute: string]: unknown;
  };
  payloadkeys?: RawKey[];
  responsekeys?: RawKey[];
  reasons?: { value: string; details?: { key: string; type: string; valuetype?: string }[] }[];
  "related-status-items"?: { "status-items": string[] }[];
  [attribute: string]: unknown;
};
