// Apple's list of systems as it is: televisions and loudspeakers among the phones, each release twice (builds N and N+6000),
// one version in several entries with other models and days, Macs by their boards, keys nobody knows.

export type Entry = {
  ProductVersion: string;
  Build: string;
  PostingDate: string;
  ExpirationDate?: string;
  SupportedDevices: string[];
  [more: string]: unknown;
};

export type GdmfList = {
  PublicAssetSets: Record<string, Entry[]>;
  AssetSets: Record<string, Entry[]>;
  [more: string]: unknown;
};

const twice = (entry: Entry): Entry[] => [
  entry,
  {
    ...entry,
    Build: entry.Build.replace(/^(\d+[A-Z])(\d+)$/, (_, train, n) => `${train}${Number(n) + 6000}`),
  },
];

const phones = ["iPhone14,6", "iPhone17,1"];
const pads = ["iPad13,1"];

/** `posted`: the day that 26.6 bears today. */
export function gdmfList({ posted = "2026-08-10" } = {}): GdmfList {
  const newest: Entry = {
    ProductVersion: "26.6",
    Build: "23G83",
    PostingDate: posted,
    ExpirationDate: "2099-02-06",
    SupportedDevices: [...phones, ...pads],
  };
  const television = { ...newest, Build: "23M83", SupportedDevices: ["AppleTV14,1"] };
  const speaker = {
    ...newest,
    Build: "23M84",
    ProductVersion: "26.7",
    SupportedDevices: ["AudioAccessory5,1"],
  };
  const old: Entry = {
    ProductVersion: "18.7.10",
    Build: "22H352",
    PostingDate: "2026-08-10",
    SupportedDevices: ["iPhone11,2", "iPhone11,8"],
  };
  // For models that may go to 26 as well, the last of 18 is an older one.
  const between: Entry = { ...old, ProductVersion: "18.7.8", Build: "22H340", SupportedDevices: [...phones] };
  const older: Entry = {
    ProductVersion: "26.5",
    Build: "23F77",
    PostingDate: "2026-05-12",
    ExpirationDate: "2099-03-27",
    SupportedDevices: phones.slice(0, 1),
  };
  const rest: Entry = {
    ...older,
    ExpirationDate: "2099-02-28",
    SupportedDevices: [...phones.slice(1), ...pads],
  };
  const ancient: Entry = {
    ProductVersion: "12.5.8",
    Build: "16H88",
    PostingDate: "2026-08-17",
    SupportedDevices: ["iPhone7,2"],
  };
  const mac: Entry = {
    ProductVersion: "26.6",
    Build: "25G76",
    PostingDate: posted,
    ExpirationDate: "2099-02-06",
    SupportedDevices: ["J514cAP", "VMA2MACOSAP"],
  };
  const oldMac: Entry = {
    ...mac,
    ProductVersion: "15.8",
    Build: "24H110",
    SupportedDevices: ["J230kAP", "Mac-1E7E29AD0135F9BC", "VMM-x86_64"],
  };
  const public_ = {
    iOS: [newest, television, speaker, old, ancient].flatMap(twice),
    macOS: [mac, oldMac],
    visionOS: twice({ ...newest, Build: "23O83", SupportedDevices: ["RealityDevice14,1"] }),
    fridgeOS: [{ ...newest, SupportedDevices: ["Fridge1,1"] }],
  };
  return {
    PublicAssetSets: public_,
    AssetSets: { ...public_, iOS: [...public_.iOS, ...[between, older, rest].flatMap(twice)] },
    PublicBackgroundSecurityImprovements: {
      iOS: [
        {
          ...newest,
          ProductVersionExtra: "(a)",
          Build: "23G831280a",
          PrerequisiteBuild: "23G83",
          SupportedDevices: phones.slice(0, 1),
        },
      ],
    },
    SomethingNew: 3,
  };
}

export const gdmfBytes = (list: unknown = gdmfList()): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(list));
