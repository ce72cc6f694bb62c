// Made by `npm run client` from the API's own description. Not edited by hand.

/** A body that is no JSON: its content type, and what is sent. */
export type Bytes<Type extends string = string> = { readonly type: Type; readonly bytes: Uint8Array | string };

/** What goes in and comes out, by the names of the description. */
export type Schemas = {
  /** RFC 9457 */
  Problem: {
    type: string;
    title: string;
    status: number;
    /** What was wrong with this request, and what to do */
    detail: string;
    request_id: string;
    errors?: {
      /** A JSON pointer into the body, or names a parameter */
      pointer: string;
      code: string;
      detail: string;
      in?: "query" | "path" | "header" | undefined;
    }[] | undefined;
  };
  AdeTrouble: {
    reason: string;
    code: string | null;
    detail: string;
    remedy: string;
  };
  AdeAccount: {
    name: string;
    /** `ok`, `awaits-token`, or why nothing works, such as `terms-not-accepted` or `token-dead` */
    state: string;
    state_since: string;
    trouble: Schemas["AdeTrouble"] | null;
    server_uuid: string | null;
    server_name: string | null;
    organization: {
      name: string | null;
      id: string | null;
      type: string | null;
      version: string | null;
      email: string | null;
      phone: string | null;
      address: string | null;
    } | null;
    /** The Apple Account that downloaded the token: it dies with that */
    admin_id: string | null;
    token: {
      uploaded_at: string | null;
      expires_at: string | null;
      days_left: number | null;
    } | null;
    /** A certificate was made, and no token for it has come yet */
    certificate_waits: boolean;
    default_profile: string | null;
    /** How many */
    rules: number;
    base_url: string | null;
    user_agent: string | null;
    protocol_version: number | null;
    /** When Apple's changes were last heard to the end */
    synced_at: string | null;
    /** When all devices were last fetched */
    fetched_at: string | null;
    created_at: string;
    created_by: string;
    updated_at: string;
  };
  NewAdeAccount: {
    name: string;
    /** Of another service than Apple's, for tests */
    base_url?: string | null | undefined;
    /** What Apple is told that asks; Apple refuses some */
    user_agent?: string | null | undefined;
    /** X-Server-Protocol-Version, 10 unless told */
    protocol_version?: number | null | undefined;
  };
  CreatedAdeAccount: {
    name: string;
    /** `ok`, `awaits-token`, or why nothing works, such as `terms-not-accepted` or `token-dead` */
    state: string;
    state_since: string;
    trouble: Schemas["AdeTrouble"] | null;
    server_uuid: string | null;
    server_name: string | null;
    organization: {
      name: string | null;
      id: string | null;
      type: string | null;
      version: string | null;
      email: string | null;
      phone: string | null;
      address: string | null;
    } | null;
    /** The Apple Account that downloaded the token: it dies with that */
    admin_id: string | null;
    token: {
      uploaded_at: string | null;
      expires_at: string | null;
      days_left: number | null;
    } | null;
    /** A certificate was made, and no token for it has come yet */
    certificate_waits: boolean;
    default_profile: string | null;
    /** How many */
    rules: number;
    base_url: string | null;
    user_agent: string | null;
    protocol_version: number | null;
    /** When Apple's changes were last heard to the end */
    synced_at: string | null;
    /** When all devices were last fetched */
    fetched_at: string | null;
    created_at: string;
    created_by: string;
    updated_at: string;
    /** PEM: upload it at Apple as this server's public key */
    certificate: string;
  };
  AdeAccountPatch: {
    /** Of another service than Apple's, for tests */
    base_url?: string | null | undefined;
    /** What Apple is told that asks; Apple refuses some */
    user_agent?: string | null | undefined;
    /** X-Server-Protocol-Version, 10 unless told */
    protocol_version?: number | null | undefined;
  };
  AdeCertificate: {
    /** PEM */
    certificate: string;
  };
  AdeSyncOutcome: {
    /** `fresh`: done a moment ago; `running`: it goes on by itself; `refused`: see the account's state */
    outcome: "done" | "fresh" | "running" | "refused";
    account: Schemas["AdeAccount"];
  };
  AdeProfile: {
    name: string;
    version: number;
    /** In Apple's keys, as Apple is told */
    profile: Record<string, unknown>;
    updated_at: string;
    updated_by: string;
  };
  /** With `count=true` */
  Count: {
    items: number;
    /** false: there are at least so many */
    complete: boolean;
  };
  AdeProfilePage: {
    items: Schemas["AdeProfile"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  AdeProfileDetail: {
    name: string;
    version: number;
    /** In Apple's keys, as Apple is told */
    profile: Record<string, unknown>;
    updated_at: string;
    updated_by: string;
    /** What Apple calls this version, by account */
    definitions: {
      account: string;
      profile_uuid: string | null;
      defined_at: string | null;
    }[];
    /** How many should have it */
    devices: number;
  };
  AdeProfileKeys: Record<string, unknown>;
  SavedAdeProfile: {
    name: string;
    version: number;
    /** In Apple's keys, as Apple is told */
    profile: Record<string, unknown>;
    updated_at: string;
    updated_by: string;
    outcome: "created" | "changed" | "unchanged";
    accounts: {
      account: string;
      /** null: it is defined there later, by itself */
      profile_uuid: string | null;
      trouble: {
        reason: string;
        code: string | null;
        detail: string;
        remedy: string;
      } | null;
    }[];
    /** How many are assigned again */
    devices: number;
    warnings: {
      pointer: string;
      code: string;
      detail: string;
    }[];
  };
  AdeRule: {
    profile: string;
    /** Such as MacBook Pro 14", as Apple writes them */
    models?: string[] | undefined;
    /** Such as iPhone, iPad, Mac, AppleTV */
    families?: string[] | undefined;
    /** Serial numbers */
    serials?: string[] | undefined;
    /** Of what was bought; an API account tells them (docs/apple-business.md) */
    order_numbers?: string[] | undefined;
  };
  AdeRules: {
    /** The first that fits counts */
    rules: Schemas["AdeRule"][];
    /** For all others; null: they get none */
    default_profile: string | null;
  };
  AdeBetaTokens: {
    items: {
      os: string;
      title: string;
      token: string;
    }[];
    next_cursor: null;
  };
  AdeDiscovery: {
    /** Where devices look whose account's domain answers nothing */
    url: string;
    updated_at: string | null;
  };
  NewAdeDiscovery: {
    url: string;
  };
  AdeReplacement: {
    serial_number: string;
    original_serial_number: string;
    replaced_at: string | null;
  };
  NewActivationLock: {
    serial_number: string;
    /** The hash of a bypass code that you keep; without it, this server makes a code and keeps it in escrow as `activation-lock-server` */
    escrow_key?: string | undefined;
    /** No code at all: only the person who made the server in Apple's portal can unlock */
    portal_user?: true | undefined;
    lost_message?: string | undefined;
  };
  ActivationLock: {
    serial_number: string;
    /** Apple's word, such as SUCCESS or DEVICE_ALREADY_LOCKED */
    outcome: string;
    /** A bypass code of this server unlocks it; it is in escrow */
    escrowed: boolean;
  };
  ApiAccount: {
    name: string;
    /** Told by the client id */
    portal: "business" | "school";
    /** `ok`, or why nothing works, such as `key-revoked` */
    state: string;
    state_since: string;
    trouble: Schemas["AdeTrouble"] | null;
    client_id: string;
    key_id: string;
    /** When the key was stored */
    key_at: string;
    base_url: string | null;
    /** Whether AppleCare and warranty are read */
    reads_coverage: boolean;
    /** When all devices were last read */
    synced_at: string | null;
    created_at: string;
    created_by: string;
    updated_at: string;
  };
  NewApiAccount: {
    name: string;
    /** As the portal shows it: `BUSINESSAPI.…` */
    client_id: string;
    key_id: string;
    /** The PEM file that the portal gave */
    private_key: string;
    /** Of another service than Apple's, for tests: it gives tokens as well */
    base_url?: string | null | undefined;
    reads_coverage?: boolean | undefined;
  };
  ApiAccountPatch: {
    reads_coverage: boolean;
  };
  NewApiKey: {
    /** As the portal shows it: `BUSINESSAPI.…` */
    client_id: string;
    key_id: string;
    /** The PEM file that the portal gave */
    private_key: string;
  };
  PortalServer: {
    id: string;
    name: string | null;
    type: string | null;
    status: string | null;
    devices: number | null;
    last_connected_at: string | null;
    last_connected_ip: string | null;
    /** The ADE account here that has this server's token */
    ade_account: string | null;
  };
  PortalServerPage: {
    items: Schemas["PortalServer"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  PortalServerDevice: {
    serial_number: string;
  };
  PortalServerDevicePage: {
    items: Schemas["PortalServerDevice"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  AppleCareCoverage: {
    description: string | null;
    status: string | null;
    payment_type: string | null;
    agreement_number: string | null;
    starts_at: string | null;
    ends_at: string | null;
    cancelled_at: string | null;
    is_renewable: boolean | null;
    is_cancelled: boolean | null;
  };
  PortalDevice: {
    api_account: string;
    order_number: string | null;
    ordered_at: string | null;
    part_number: string | null;
    /** APPLE, RESELLER or MANUALLY_ADDED */
    purchase_source: string | null;
    purchase_source_id: string | null;
    added_at: string | null;
    released_at: string | null;
    capacity: string | null;
    imei: string[];
    meid: string[];
    eid: string | null;
    wifi_mac_address: string | null;
    bluetooth_mac_address: string | null;
    ethernet_mac_address: string[];
    /** ASSIGNED or UNASSIGNED, to a server */
    status: string | null;
    migration_capable: boolean | null;
    /** REQUESTED, STARTED, SUCCESS or FAILED */
    migration_status: string | null;
    migration_deadline: string | null;
    /** null: not read yet */
    coverage: Schemas["AppleCareCoverage"][] | null;
    read_at: string;
    /** null: none */
    server_id: string | null;
  };
  ApiMove: {
    serial_numbers: string[];
    /** How many serial numbers are named */
    confirm?: number | undefined;
    server_id: string;
    /** null: none; a device moves when it is set up the next time */
    deadline: string | null;
  };
  ApiActivity: {
    id: string;
    account: string;
    what: "move" | "deadline" | "cancel";
    server_id: string | null;
    server_name: string | null;
    deadline: string | null;
    devices: number;
    /** `sending`: Apple may have it already; `lost`: Apple does not know it any more */
    state: "waiting" | "sending" | "running" | "finished" | "failed" | "lost";
    apple_id: string | null;
    /** Apple's word, such as COMPLETED_WITH_ERROR */
    sub_status: string | null;
    trouble: Schemas["AdeTrouble"] | null;
    created_at: string;
    created_by: string;
    sent_at: string | null;
    finished_at: string | null;
  };
  ApiMoveDeadline: {
    serial_numbers: string[];
    /** How many serial numbers are named */
    confirm?: number | undefined;
    /** At most 90 days ahead */
    deadline: string;
  };
  ApiMoveCancelling: {
    serial_numbers: string[];
    /** How many serial numbers are named */
    confirm?: number | undefined;
  };
  ApiActivityPage: {
    items: Schemas["ApiActivity"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  ActivityDevice: {
    serial_number: string;
    /** Apple's word; null: it has said nothing of this device */
    outcome: string | null;
    detail: string | null;
  };
  ActivityDevicePage: {
    items: Schemas["ActivityDevice"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  /** As Apple's portal knows it; see docs/apple-business.md */
  PurchasedDevice: {
    api_account: string;
    order_number: string | null;
    ordered_at: string | null;
    part_number: string | null;
    /** APPLE, RESELLER or MANUALLY_ADDED */
    purchase_source: string | null;
    purchase_source_id: string | null;
    added_at: string | null;
    released_at: string | null;
    capacity: string | null;
    imei: string[];
    meid: string[];
    eid: string | null;
    wifi_mac_address: string | null;
    bluetooth_mac_address: string | null;
    ethernet_mac_address: string[];
    /** ASSIGNED or UNASSIGNED, to a server */
    status: string | null;
    migration_capable: boolean | null;
    /** REQUESTED, STARTED, SUCCESS or FAILED */
    migration_status: string | null;
    migration_deadline: string | null;
    /** null: not read yet */
    coverage: Schemas["AppleCareCoverage"][] | null;
    read_at: string;
  };
  AdeDevice: {
    serial_number: string;
    account: string;
    model: string | null;
    device_family: string | null;
    os: string | null;
    description: string | null;
    color: string | null;
    asset_tag: string | null;
    /** The ADE profile that it should have */
    profile: string | null;
    /** Rules do not change it */
    chosen_by_hand: boolean;
    /** As Apple says; `pushed` is no proof of enrollment */
    profile_status: string | null;
    profile_uuid: string | null;
    assignment: {
      at: string;
      /** What Apple said */
      outcome: string | null;
      tries: number;
      /** When it is looked at again; null: when Apple tells news */
      next_at: string | null;
    } | null;
    device_assigned_date: string | null;
    device_assigned_by: string | null;
    /** By then it must have moved here */
    mdm_migration_deadline: string | null;
    is_replacement_device: boolean;
    /** The device that is enrolled here with this serial number */
    device_id: string | null;
    device_state: string | null;
    /** As an API account read it; null: none did. See docs/apple-business.md */
    purchase: Schemas["PurchasedDevice"] | null;
    first_seen_at: string;
    seen_at: string;
    /** Not this server's any more; what was escrowed stays */
    deleted_at: string | null;
  };
  AdeDevicePage: {
    items: Schemas["AdeDevice"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  AdeAssignment: {
    serial_numbers: string[];
    profile: string;
  };
  AdeOutcomes: {
    items: {
      serial_number: string;
      account: string | null;
      /** Apple's SUCCESS, NOT_ACCESSIBLE, FAILED or THROTTLED; or unknown-device; or not-asked, for a reason in refusals */
      outcome: string;
    }[];
    refusals: {
      account: string;
      reason: string;
      code: string | null;
      detail: string;
      remedy: string | null;
    }[];
  };
  AdeSerialNumbers: {
    serial_numbers: string[];
  };
  AdeFollowing: {
    devices: number;
  };
  AdeDisowning: {
    serial_numbers: string[];
    /** How many serial numbers are named */
    confirm?: number | undefined;
  };
  AdeMigration: {
    serial_number: string;
    account: string;
    model: string | null;
    device_family: string | null;
    /** The ADE profile that it should have */
    profile: string | null;
    deadline: string;
    /** `arrived`: a device with this serial number is enrolled here */
    state: "waiting" | "overdue" | "arrived";
    device_id: string | null;
    ready: boolean;
    checks: {
      check: string;
      ready: boolean;
      /** What is there, or what is missing and what to do */
      detail: string;
    }[];
  };
  AdeMigrationPage: {
    items: Schemas["AdeMigration"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  AdministratorInvitation: {
    id: string;
    state: "open" | "accepted" | "expired" | "withdrawn";
    email: string;
    role: "viewer" | "helpdesk" | "operator" | "admin";
    /** In addition to the role */
    rights: ("erase" | "read-escrow" | "disown")[];
    /** What accepting it gives. sign-in: a rule for this address at the provider that administrators sign in by; token: an API token */
    way: "sign-in" | "token";
    /** How long the token of the way `token` is good */
    token_days: number;
    created_at: string;
    /** The id of the token that invited */
    created_by: string;
    expires_at: string;
    accepted_at: string | null;
    withdrawn_at: string | null;
    /** The token that it gave, to revoke it */
    token_id: string | null;
  };
  AdministratorInvitationPage: {
    items: Schemas["AdministratorInvitation"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewAdministratorInvitation: {
    /** Who is invited, and where the message goes */
    email: string;
    role: "viewer" | "helpdesk" | "operator" | "admin";
    rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    /** How long the link is good */
    valid_hours?: number | undefined;
    /** How long the token is good, where no provider signs administrators in */
    token_days?: number | undefined;
    /** Of the message; else the setting mail_language */
    language?: "en" | "de" | "fr" | "es" | "ja" | undefined;
  };
  CreatedAdministratorInvitation: {
    id: string;
    state: "open" | "accepted" | "expired" | "withdrawn";
    email: string;
    role: "viewer" | "helpdesk" | "operator" | "admin";
    /** In addition to the role */
    rights: ("erase" | "read-escrow" | "disown")[];
    /** What accepting it gives. sign-in: a rule for this address at the provider that administrators sign in by; token: an API token */
    way: "sign-in" | "token";
    /** How long the token of the way `token` is good */
    token_days: number;
    created_at: string;
    /** The id of the token that invited */
    created_by: string;
    expires_at: string;
    accepted_at: string | null;
    withdrawn_at: string | null;
    /** The token that it gave, to revoke it */
    token_id: string | null;
    /** Whether the platform took the message, and why not */
    mail: {
      sent: boolean;
      trouble: string | null;
    };
    /** The link to pass on by another way, if no message was sent; shown only here. null: it is in the message alone */
    url: string | null;
  };
  FleetApp: {
    identifier: string;
    name: string;
    /** How many devices have it */
    devices: number;
    versions: {
      version: string;
      devices: number;
    }[];
  };
  FleetAppPage: {
    items: Schemas["FleetApp"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  FleetAppDevice: {
    device_id: string;
    version: string;
    name: string | null;
    serial: string | null;
    platform: "ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos" | null;
    os_version: string | null;
  };
  FleetAppDevicePage: {
    items: Schemas["FleetAppDevice"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  App: {
    name: string;
    /** Goes up by one with each change */
    version: number;
    source: {
      store?: {
        adam_id: string;
        location: string;
        /** The only ones that it goes to; null: all that it is built for */
        platforms: ("ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos")[] | null;
      } | undefined;
      manifest?: {
        url: string;
        bundle_id: string | null;
        /** The only ones that it goes to; null: all that it is built for */
        platforms: ("ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos")[] | null;
      } | undefined;
      package?: {
        name: string;
      } | undefined;
    };
    behaviour: {
      /** Whether it is removed from a device that should not have it any more */
      remove_when_unassigned: boolean;
      /** When it is updated: always, never, or in a window by the clock of the device */
      updates: "always" | "never" | {
        from: string;
        until: string;
      };
      /** Apple's external version id: this version stays. Devices that are told by commands get the newest, and are not updated */
      pinned_version: number | null;
    };
    /** That are filled in for each device */
    variables: string[];
    has_configuration: boolean;
    /** SHA-256 of the configuration as a property list, before variables are filled in */
    configuration_digest: string | null;
    /** What the store calls it */
    title: string | null;
    bundle_id: string | null;
    /** The newest */
    store_version: string | null;
    icon_url: string | null;
    created_at: string;
    updated_at: string;
    /** The id of a token */
    updated_by: string;
  };
  AppPage: {
    items: Schemas["App"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  AppDetail: {
    name: string;
    /** Goes up by one with each change */
    version: number;
    source: {
      store?: {
        adam_id: string;
        location: string;
        /** The only ones that it goes to; null: all that it is built for */
        platforms: ("ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos")[] | null;
      } | undefined;
      manifest?: {
        url: string;
        bundle_id: string | null;
        /** The only ones that it goes to; null: all that it is built for */
        platforms: ("ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos")[] | null;
      } | undefined;
      package?: {
        name: string;
      } | undefined;
    };
    behaviour: {
      /** Whether it is removed from a device that should not have it any more */
      remove_when_unassigned: boolean;
      /** When it is updated: always, never, or in a window by the clock of the device */
      updates: "always" | "never" | {
        from: string;
        until: string;
      };
      /** Apple's external version id: this version stays. Devices that are told by commands get the newest, and are not updated */
      pinned_version: number | null;
    };
    /** That are filled in for each device */
    variables: string[];
    has_configuration: boolean;
    /** SHA-256 of the configuration as a property list, before variables are filled in */
    configuration_digest: string | null;
    /** What the store calls it */
    title: string | null;
    bundle_id: string | null;
    /** The newest */
    store_version: string | null;
    icon_url: string | null;
    created_at: string;
    updated_at: string;
    /** The id of a token */
    updated_by: string;
    /** Its values are shown to admins, and masked for others */
    configuration: Record<string, unknown> | null;
    /** The sets that give it to devices: 20 at most */
    sets: string[];
    /** How many devices are in each state; 10000 means this number or more */
    counts: Record<string, number>;
  };
  NewApp: {
    /** Where it comes from: the App Store, also for custom apps, a manifest of your own, or a package that this server hosts */
    source: {
      store?: {
        adam_id: string;
        /** Of Apps and Books, which licenses it */
        location: string;
        /** The only platforms that it goes to; null: all that it is built for. Macs with Apple silicon get apps of iPhones only where `macos` is named */
        platforms?: ("ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos")[] | null | undefined;
      } | undefined;
      manifest?: {
        /** The address of the manifest */
        url: string;
        /** What the app is called on devices: without it a Mac cannot be told to remove the app */
        bundle_id?: string | null | undefined;
        /** The only platforms that it goes to; null: all that it is built for. Macs with Apple silicon get apps of iPhones only where `macos` is named */
        platforms?: ("ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos")[] | null | undefined;
      } | undefined;
      package?: {
        /** Of a file that this server hosts */
        name: string;
      } | undefined;
    };
    /** Managed app configuration, with variables; null: none. Left out: as it was */
    configuration?: Record<string, unknown> | null | undefined;
    behaviour?: {
      /** Whether it is removed from a device that should not have it any more */
      remove_when_unassigned?: boolean | undefined;
      /** When it is updated: always, never, or in a window by the clock of the device */
      updates?: "always" | "never" | {
        from: string;
        until: string;
      } | undefined;
      /** Apple's external version id: this version stays. Devices that are told by commands get the newest, and are not updated */
      pinned_version?: number | null | undefined;
    } | undefined;
  };
  SavedApp: {
    name: string;
    /** Goes up by one with each change */
    version: number;
    source: {
      store?: {
        adam_id: string;
        location: string;
        /** The only ones that it goes to; null: all that it is built for */
        platforms: ("ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos")[] | null;
      } | undefined;
      manifest?: {
        url: string;
        bundle_id: string | null;
        /** The only ones that it goes to; null: all that it is built for */
        platforms: ("ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos")[] | null;
      } | undefined;
      package?: {
        name: string;
      } | undefined;
    };
    behaviour: {
      /** Whether it is removed from a device that should not have it any more */
      remove_when_unassigned: boolean;
      /** When it is updated: always, never, or in a window by the clock of the device */
      updates: "always" | "never" | {
        from: string;
        until: string;
      };
      /** Apple's external version id: this version stays. Devices that are told by commands get the newest, and are not updated */
      pinned_version: number | null;
    };
    /** That are filled in for each device */
    variables: string[];
    has_configuration: boolean;
    /** SHA-256 of the configuration as a property list, before variables are filled in */
    configuration_digest: string | null;
    /** What the store calls it */
    title: string | null;
    bundle_id: string | null;
    /** The newest */
    store_version: string | null;
    icon_url: string | null;
    created_at: string;
    updated_at: string;
    /** The id of a token */
    updated_by: string;
    outcome: "added" | "changed" | "unchanged";
    warnings: {
      code: string;
      detail: string;
    }[];
  };
  AppOnDevice: {
    device_id: string;
    name: string | null;
    serial: string | null;
    state: "waiting_for_licence" | "pending" | "installing" | "waiting_for_person" | "installed" | "failed" | "not_applicable" | "removing";
    since: string;
    reason: string | null;
    /** Of the library, that the device should have */
    version: number;
    /** What brings it; it stays the same until the app is removed. null: nothing was begun */
    managed_by: "declarations" | "commands" | null;
    bundle_id: string | null;
    /** As the device says */
    installed_version: string | null;
  };
  AppDevices: {
    items: Schemas["AppOnDevice"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
    /** How many devices are in each state; 10000 means this number or more */
    counts: Record<string, number>;
  };
  ContentLocation: {
    name: string;
    /** `ok`, or why nothing works, such as `token-revoked` */
    state: string;
    state_since: string;
    trouble: Schemas["AdeTrouble"] | null;
    /** Another server that manages it: nothing is written until it is taken over. null: this server */
    managed_by: {
      id: string;
      name: string;
      metadata: string;
    } | null;
    /** Apple's id of the library: it stays through all tokens */
    library_id: string;
    location_name: string | null;
    organization: string;
    country: string | null;
    token: {
      uploaded_at: string;
      expires_at: string;
      days_left: number;
    };
    /** The address that Apple calls when something changes; null: Apple is asked every hour */
    notifications: string | null;
    base_url: string | null;
    /** When all lists were last read */
    synced_at: string | null;
    created_at: string;
    created_by: string;
    updated_at: string;
  };
  NewContentLocation: {
    name: string;
    /** The content of the file that Apple's portal gives, sToken_for_….vpptoken */
    token: string;
    /** Of another service than Apple's, for tests */
    base_url?: string | null | undefined;
  };
  NewContentToken: {
    /** The content of the file that Apple's portal gives, sToken_for_….vpptoken */
    token: string;
  };
  ContentAsset: {
    adam_id: string;
    pricing: string;
    /** `App` or `Book` */
    kind: string;
    /** As the store says; null: it is not known yet */
    name: string | null;
    bundle_id: string | null;
    seller: string | null;
    icon_url: string | null;
    /** The newest in the store */
    version: string | null;
    /** Of that version: what an app may be pinned to */
    external_version_id: string | null;
    platforms: string[];
    /** Whether devices get licences; else only people */
    for_devices: boolean;
    /** Whether a licence can be taken back */
    revocable: boolean;
    /** null: without a bound */
    total: number | null;
    assigned: number;
    /** null: without a bound */
    available: number | null;
  };
  ContentAssetPage: {
    items: Schemas["ContentAsset"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  Licence: {
    adam_id: string;
    pricing: string;
    /** The device that has it; null: a user does */
    serial_number: string | null;
    client_user_id: string | null;
    /** `held`: Apple says so; `wanted`: ordered next; `ordered`: Apple is at it; `leaving`: to be taken back; `failed`: see `trouble` */
    state: "held" | "wanted" | "ordered" | "leaving" | "failed";
    held_since: string | null;
    /** A token's id, or `app:{name}`; null: assigned elsewhere */
    wanted_by: string | null;
    trouble: Schemas["AdeTrouble"] | null;
    /** null: nothing is tried before something changes */
    next_try_at: string | null;
  };
  LicencePage: {
    items: Schemas["Licence"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  LicenceWish: {
    assets: {
      /** Apple's number of the app or book */
      adam_id: string;
      /** `PLUS`: a book in high quality */
      pricing?: "STDQ" | "PLUS" | undefined;
    }[];
    serial_numbers?: string[] | undefined;
    client_user_ids?: string[] | undefined;
  };
  LicencesWished: {
    /** How many the wish is about */
    licences: number;
  };
  LicenceHolders: {
    serial_numbers?: string[] | undefined;
    client_user_ids?: string[] | undefined;
  };
  LicenceOrder: {
    id: string;
    what: "associate" | "disassociate" | "revoke" | "create" | "update" | "retire";
    assets: {
      adam_id: string;
      pricing: string;
    }[];
    /** How many devices or users */
    holders: number;
    /** `lost`: nobody knows what became of it; the lists are read, and what is missing is ordered again */
    state: "sending" | "running" | "complete" | "failed" | "lost";
    /** Apple's id of it */
    event_id: string | null;
    trouble: Schemas["AdeTrouble"] | null;
    sent_at: string;
    finished_at: string | null;
  };
  LicenceOrderPage: {
    items: Schemas["LicenceOrder"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  ContentUser: {
    client_user_id: string;
    email: string | null;
    managed_apple_id: string | null;
    /** Apple's word: `Registered` (invited), `Associated`, `Retired`; null: Apple is told next */
    status: string | null;
    trouble: Schemas["AdeTrouble"] | null;
  };
  ContentUserPage: {
    items: Schemas["ContentUser"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  ContentUserFacts: {
    email?: string | undefined;
    /** Associates at once, without an invitation */
    managed_apple_id?: string | undefined;
  };
  ContentInvitation: {
    /** For the user alone: who opens it first, is the user */
    url: string;
  };
  SubscriptionSeatCounts: {
    /** Go on when the period ends */
    renewing: number;
    /** End with the period */
    expiring: number;
  };
  ContentSubscription: {
    adam_id: string;
    /** The app that it is sold in */
    app_adam_id: string | null;
    /** Apple's word, such as `ACTIVE` */
    status: string | null;
    /** A day, such as `2027-01-15` */
    period_ends_on: string | null;
    total: Schemas["SubscriptionSeatCounts"];
    assigned: Schemas["SubscriptionSeatCounts"];
    available: Schemas["SubscriptionSeatCounts"];
  };
  ContentSubscriptionPage: {
    items: Schemas["ContentSubscription"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  ContentSubscriptionUser: {
    client_user_id: string;
    /** false: the user has it until the period ends */
    renewing: boolean;
  };
  ContentSubscriptionUserPage: {
    items: Schemas["ContentSubscriptionUser"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  Attribute: {
    name: string;
    type: "text" | "number" | "date" | "choice" | "yes-no";
    description: string;
    /** Of a choice: what it may be */
    choices: string[] | null;
    /** Of a number; of a text, its length */
    minimum: number | null;
    maximum: number | null;
    /** Of a date */
    earliest: string | null;
    latest: string | null;
    created_at: string;
    updated_at: string;
  };
  AttributePage: {
    items: Schemas["Attribute"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewAttribute: {
    type: "text";
    description?: string | undefined;
    minimum?: number | null | undefined;
    maximum?: number | null | undefined;
  } | {
    type: "number";
    description?: string | undefined;
    minimum?: number | null | undefined;
    maximum?: number | null | undefined;
  } | {
    type: "date";
    description?: string | undefined;
    earliest?: string | null | undefined;
    latest?: string | null | undefined;
  } | {
    type: "choice";
    description?: string | undefined;
    choices: string[];
  } | {
    type: "yes-no";
    description?: string | undefined;
  };
  AuditEntry: {
    id: number;
    at: string;
    token_id: string;
    token_name: string;
    role: string;
    method: string;
    /** The pattern of the route */
    route: string;
    /** The resource, as its path under /api/v1/; for a challenge, an invitation or a profile that names a device, it begins with the path of that device */
    target: string;
    outcome: "done" | "refused" | "failed";
    status: number;
    request_id: string;
    ip: string | null;
    /** Why a person read a secret, in the person's words; null: no reason was given */
    reason: string | null;
  };
  AuditEntryPage: {
    items: Schemas["AuditEntry"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  Authority: {
    id: string;
    subject: string;
    /** SHA-256 of the certificate, in hex */
    fingerprint: string;
    /** PEM */
    certificate: string;
    /** PEM: the certificates above it, nearest first */
    chain: string[];
    /** Exactly one authority issues new identities */
    issuing: boolean;
    /** Identities under it are accepted; the server does not have its key */
    trusted_only: boolean;
    /** The path of its revocation list */
    crl_path: string | null;
    not_before: string;
    expires_at: string;
    created_at: string;
  };
  NewAuthority: {
    /** PEM; further certificates in it are its chain. Absent: the server makes one */
    certificate?: string | undefined;
    /** PEM: PKCS#8 or PKCS#1; RSA of 2048 to 4096 bits */
    private_key?: string | undefined;
    /** The password of an encrypted key */
    private_key_password?: string | undefined;
    /** PEM: the certificates above it, nearest first */
    chain?: string | undefined;
    /** true: accept identities under it, without its key */
    trusted?: boolean | undefined;
    /** true: make one only if no authority issues yet; otherwise the answer is the one that issues */
    if_none?: boolean | undefined;
  };
  AuthorityChange: {
    /** This authority issues from now on */
    issuing: true;
  };
  BatchEntry: {
    /** It is also the CommandUUID of all its commands */
    id: string;
    /** null: a push without a command */
    request_type: string | null;
    /** held: nothing is given yet; done: every target has its command or was refused */
    state: "held" | "running" | "done" | "cancelled";
    created_by: string;
    created_at: string;
  };
  BatchEntryPage: {
    items: Schemas["BatchEntry"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewBatch: {
    /** Apple's RequestType */
    request_type?: string | undefined;
    payload?: Record<string, unknown> | undefined;
    /** Instead of a command: wakes the targets and does nothing else */
    push?: true | undefined;
    targets: {
      /** Ids of devices; `<device id>:<user id>` for a user channel */
      ids: string[];
    } | {
      /** As in the list of devices; only enrolled devices, unless it names another state */
      filter: {
        state?: "pending" | "enrolled" | "unenrolled" | "erased" | undefined;
        kind?: "device" | "ade" | "account_device" | "user" | undefined;
        platform?: "ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos" | undefined;
        /** This OS version; 17 is 17.0.0 */
        os?: string | undefined;
        /** This OS version or a later one */
        os_min?: string | undefined;
        /** This OS version or an earlier one; 17 is 17.0.0 */
        os_max?: string | undefined;
        /** The complete serial number */
        serial?: string | undefined;
        /** The complete short name of a user who has a channel */
        user?: string | undefined;
        /** The id of the person that it belongs to */
        person?: string | undefined;
        /** The e-mail address of the person that it belongs to, in whatever case */
        user_email?: string | undefined;
        /** The department of the person that it belongs to, in whatever case */
        user_department?: string | undefined;
        /** A tag, whole */
        tag?: string | undefined;
        /** The name of a set that it has on any of its channels */
        set?: string | undefined;
        /** The identifier of an app that it has, according to its last report: `com.apple.Keynote` */
        app?: string | undefined;
        /** Something that it should have failed there: `anything`, or a profile, a declaration or an app, such as `profile:office.wifi` */
        failed?: string | undefined;
        /** An attribute set by administrators, as `name:value` */
        attribute?: string | undefined;
        /** An attribute, as `name:value`: this number or more, or this day or later, such as 2026-01-31 */
        attribute_min?: string | undefined;
        /** An attribute, as `name:value`: this number or less, or this day or earlier, such as 2026-01-31 */
        attribute_max?: string | undefined;
        /** Last seen before this time */
        seen_before?: string | undefined;
        /** Seen at this time or later */
        seen_after?: string | undefined;
        /** Whether it is supervised, according to its last report */
        supervised?: boolean | undefined;
        /** Whether its storage is encrypted: FileVault, or hardware encryption with a passcode, according to its last report */
        encrypted?: boolean | undefined;
        /** Whether it has a passcode, according to its last report */
        passcode_present?: boolean | undefined;
        /** Whether its passcode complies with its profiles, according to its last report */
        passcode_compliant?: boolean | undefined;
        /** Whether Activation Lock is on, according to its last report */
        activation_lock?: boolean | undefined;
        /** Whether it is in managed Lost Mode, according to its last report */
        lost_mode?: boolean | undefined;
        /** Last reported its inventory before this time */
        inventory_before?: string | undefined;
        /** Last reported its inventory at this time or later */
        inventory_after?: string | undefined;
        /** Attested by Apple within this number of days or hours, such as `7d` */
        attested_within?: string | undefined;
        /** Beginnings of words in the name, serial number, model, id or users; all must match */
        search?: string | undefined;
      };
    } | {
      /** Every enrolled device */
      all: true;
    };
    /** Each command may wait until then */
    expires_at?: string | undefined;
    /** The most commands in a minute */
    rate?: number | undefined;
    priority?: "normal" | "high" | undefined;
    /** For a command that cannot be undone: the number of devices it reaches */
    confirm?: number | undefined;
  };
  Finding: {
    level: "error" | "warning";
    pointer: string;
    code: "wrong-type" | "missing-key" | "out-of-range" | "not-in-list" | "bad-format" | "wrong-count" | "one-of" | "needs-key" | "too-deep" | "too-large" | "too-many-findings" | "forbidden-by-access-rights" | "forbidden-in-user-enrollment" | "unknown-type" | "unknown-key" | "not-on-platform" | "os-too-old" | "deprecated" | "removed" | "needs-supervision" | "needs-automated-enrollment" | "needs-access-right" | "wrong-channel" | "wrong-enrollment" | "ignored-here" | "shared-ipad" | "only-one-allowed" | "not-provisioned";
    detail: string;
    suggestion?: string | undefined;
  };
  CreatedBatch: {
    /** It is also the CommandUUID of all its commands */
    id: string;
    /** null: a push without a command */
    request_type: string | null;
    /** held: nothing is given yet; done: every target has its command or was refused */
    state: "held" | "running" | "done" | "cancelled";
    created_by: string;
    created_at: string;
    targets: number | null;
    /** Nothing is given before this time; until then the batch can be cancelled and no device notices */
    held_until: string | null;
    expires_at: string | null;
    rate: number | null;
    priority: "normal" | "high";
    progress: {
      /** Targets that have or had the command in their queue */
      given: number;
      /** Targets that cannot take it */
      refused: number;
      /** Targets that could not be reached yet and are tried again */
      failing: number;
      /** null: the batch has ended */
      next_page_at: string | null;
      /** Why the current page is tried again */
      last_fault: string | null;
    };
    /** What the directory knows, which is a little late. For a push: how many were delivered, and why others were not */
    outcomes: Record<string, number>;
    /** When they were counted; a large batch is counted every ten seconds at most */
    outcomes_at: string | null;
    warnings: Schemas["Finding"][];
  };
  Batch: {
    /** It is also the CommandUUID of all its commands */
    id: string;
    /** null: a push without a command */
    request_type: string | null;
    /** held: nothing is given yet; done: every target has its command or was refused */
    state: "held" | "running" | "done" | "cancelled";
    created_by: string;
    created_at: string;
    targets: number | null;
    /** Nothing is given before this time; until then the batch can be cancelled and no device notices */
    held_until: string | null;
    expires_at: string | null;
    rate: number | null;
    priority: "normal" | "high";
    progress: {
      /** Targets that have or had the command in their queue */
      given: number;
      /** Targets that cannot take it */
      refused: number;
      /** Targets that could not be reached yet and are tried again */
      failing: number;
      /** null: the batch has ended */
      next_page_at: string | null;
      /** Why the current page is tried again */
      last_fault: string | null;
    };
    /** What the directory knows, which is a little late. For a push: how many were delivered, and why others were not */
    outcomes: Record<string, number>;
    /** When they were counted; a large batch is counted every ten seconds at most */
    outcomes_at: string | null;
  };
  BatchTarget: {
    device_id: string;
    /** The id of the user; null: the device channel */
    channel: string | null;
    state: "queued" | "sent" | "not_now" | "acknowledged" | "error" | "format_error" | "cancelled" | "expired" | "refused";
    /** Why it was refused, as a code */
    reason: string | null;
    /** The reason in words, or the error that the device reported */
    detail: string | null;
    finished_at: string | null;
  };
  BatchTargetPage: {
    items: Schemas["BatchTarget"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  Restored: {
    backup: string;
    /** From 0 */
    page: number;
    rows: number;
    /** Devices whose objects were restored */
    devices: number;
    /** Devices whose objects already held data and keep it */
    kept: number;
    /** Devices that did not answer when the backup was made */
    unread: number;
    /** Whether this was the last page */
    done: boolean;
  };
  Certificate: {
    /** SHA-256 of the certificate, in hex */
    fingerprint: string;
    /** The id of the authority */
    authority: string;
    serial: string;
    subject: string;
    /** The device that uses it; null: no device has used it yet */
    device_id: string | null;
    /** What was known when it was issued */
    issued_for: {
      serial?: string | undefined;
      udid?: string | undefined;
      account?: string | undefined;
      device_id?: string | undefined;
    } | null;
    /** `use`: it is no identity, and a device that shows it is a stranger */
    purpose: "enrollment" | "renewal" | "use";
    /** What it is for, of the setting `certificate_uses`, and the asset that asked for it; null: it is an identity */
    use: {
      name: string;
      declaration: string;
      user_id: string | null;
    } | null;
    renewal_of: {
      device_id: string | null;
      fingerprint: string | null;
    } | null;
    /** `import`: it was issued by a trusted authority */
    how: "scep" | "acme" | "import";
    not_before: string;
    expires_at: string;
    issued_at: string;
    revoked_at: string | null;
    revocation_reason: string | null;
  };
  CertificatePage: {
    items: Schemas["Certificate"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  CertificateWithPem: {
    /** SHA-256 of the certificate, in hex */
    fingerprint: string;
    /** The id of the authority */
    authority: string;
    serial: string;
    subject: string;
    /** The device that uses it; null: no device has used it yet */
    device_id: string | null;
    /** What was known when it was issued */
    issued_for: {
      serial?: string | undefined;
      udid?: string | undefined;
      account?: string | undefined;
      device_id?: string | undefined;
    } | null;
    /** `use`: it is no identity, and a device that shows it is a stranger */
    purpose: "enrollment" | "renewal" | "use";
    /** What it is for, of the setting `certificate_uses`, and the asset that asked for it; null: it is an identity */
    use: {
      name: string;
      declaration: string;
      user_id: string | null;
    } | null;
    renewal_of: {
      device_id: string | null;
      fingerprint: string | null;
    } | null;
    /** `import`: it was issued by a trusted authority */
    how: "scep" | "acme" | "import";
    not_before: string;
    expires_at: string;
    issued_at: string;
    revoked_at: string | null;
    revocation_reason: string | null;
    /** PEM */
    certificate: string;
  };
  Revocation: {
    reason?: "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | undefined;
  };
  CommandOnChannel: {
    uuid: string;
    device_id: string;
    /** The id of the user; null: the device channel */
    channel: string | null;
    request_type: string;
    state: "queued" | "sent" | "not_now" | "acknowledged" | "error" | "format_error" | "cancelled" | "expired";
    error: string | null;
    origin: string;
    queued_at: string;
    finished_at: string | null;
  };
  CommandOnChannelPage: {
    items: Schemas["CommandOnChannel"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  DeclarationEntry: {
    identifier: string;
    type: string;
    kind: "activation" | "asset" | "configuration" | "management";
    /** The token of the content stored here; each device sees its own token */
    server_token: string;
    /** Goes up by one each time the content changes */
    version: number;
    /** The hash of the file that belongs to an asset */
    data_sha256: string | null;
    /** The variables that are filled in for each device */
    variables: string[];
    created_at: string;
    updated_at: string;
    /** A token's id */
    updated_by: string;
  };
  DeclarationEntryPage: {
    items: Schemas["DeclarationEntry"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  /** Apple's own keys */
  DeclarationPayload: Record<string, unknown>;
  Declaration: {
    identifier: string;
    type: string;
    kind: "activation" | "asset" | "configuration" | "management";
    /** The token of the content stored here; each device sees its own token */
    server_token: string;
    /** Goes up by one each time the content changes */
    version: number;
    /** The hash of the file that belongs to an asset */
    data_sha256: string | null;
    /** The variables that are filled in for each device */
    variables: string[];
    created_at: string;
    updated_at: string;
    /** A token's id */
    updated_by: string;
    payload: Schemas["DeclarationPayload"];
    data: {
      sha256: string;
      content_type: string;
      size: number;
    } | null;
  };
  NewDeclaration: {
    /** Apple's type */
    type?: string | undefined;
    payload?: Schemas["DeclarationPayload"] | undefined;
    /** The same */
    Type?: string | undefined;
    Payload?: Schemas["DeclarationPayload"] | undefined;
    /** As in the address */
    Identifier?: string | undefined;
    /** Ignored */
    ServerToken?: string | undefined;
  };
  DeclarationFinding: {
    level: "error" | "warning";
    pointer: string;
    code: "wrong-type" | "missing-key" | "out-of-range" | "not-in-list" | "bad-format" | "wrong-count" | "one-of" | "needs-key" | "too-deep" | "too-large" | "too-many-findings" | "forbidden-by-access-rights" | "forbidden-in-user-enrollment" | "unknown-type" | "unknown-key" | "not-on-platform" | "os-too-old" | "deprecated" | "removed" | "needs-supervision" | "needs-automated-enrollment" | "needs-access-right" | "wrong-channel" | "wrong-enrollment" | "ignored-here" | "shared-ipad" | "only-one-allowed" | "not-provisioned" | "unknown-reference" | "wrong-reference" | "wrong-content-type" | "bad-predicate" | "unknown-status-item" | "unknown-status-key" | "unknown-variable" | "unfit-for-referrer" | "data-missing" | "data-elsewhere" | "data-unreadable";
    detail: string;
    suggestion?: string | undefined;
  };
  SavedDeclaration: {
    identifier: string;
    type: string;
    kind: "activation" | "asset" | "configuration" | "management";
    /** The token of the content stored here; each device sees its own token */
    server_token: string;
    /** Goes up by one each time the content changes */
    version: number;
    /** The hash of the file that belongs to an asset */
    data_sha256: string | null;
    /** The variables that are filled in for each device */
    variables: string[];
    created_at: string;
    updated_at: string;
    /** A token's id */
    updated_by: string;
    payload: Schemas["DeclarationPayload"];
    data: {
      sha256: string;
      content_type: string;
      size: number;
    } | null;
    outcome: "created" | "changed" | "unchanged";
    warnings: Schemas["DeclarationFinding"][];
    /** The id of the rollout that brings it to devices ring by ring; null: they get it at once */
    rollout: string | null;
  };
  Difference: {
    pointer: string;
    /** Absent: it was added */
    from?: unknown | undefined;
    /** Absent: it was removed */
    to?: unknown | undefined;
  };
  ChannelName: {
    device_id: string;
    /** The id of the user; null: the device channel */
    channel: string | null;
  };
  DeclarationPlan: {
    outcome: "created" | "changed" | "unchanged";
    warnings: Schemas["DeclarationFinding"][];
    /** The id of the rollout that brings it to devices ring by ring; null: they get it at once */
    rollout: string | null;
    differences: Schemas["Difference"][];
    /** The sets through which channels have it */
    sets: string[];
    /** How many channels would be notified */
    channels: number;
    /** false: there are more channels than this number */
    channels_complete: boolean;
    items: Schemas["ChannelName"][];
    next_cursor: string | null;
  };
  DeclarationVersion: {
    version: number;
    type: string;
    payload: Schemas["DeclarationPayload"];
    data_sha256: string | null;
    server_token: string;
    saved_at: string;
    saved_by: string;
  };
  DeclarationVersionPage: {
    items: Schemas["DeclarationVersion"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  DeclarationReason: {
    /** Apple's, such as `Error.ConfigurationNotSupported` */
    code: string;
    description?: string | undefined;
    details?: Record<string, unknown> | undefined;
  };
  DeclarationOnChannel: {
    device_id: string;
    /** A user channel; null: the device channel */
    channel: string | null;
    state: "pending" | "active" | "inactive" | "invalid" | "unknown_to_device" | "stale";
    server_token: string;
    reasons: Schemas["DeclarationReason"][];
    updated_at: string;
  };
  Proven: {
    /** Who confirmed it; `disputed`: another enrolled device has the same one; null: only the device says so */
    serial_number: "challenge" | "attestation" | "disputed" | null;
    udid: "challenge" | "attestation" | null;
    /** The account that its enrollment was made for */
    account: string | null;
  };
  /** What Apple attests about the device, verified; null where Apple could not find out */
  Attestation: {
    /** When Apple made the attestation */
    attested_at: string;
    /** Where it came from: with its identity, or in an answer to DeviceInformation */
    by: "acme" | "device-information";
    serial: string | null;
    /** The UDID; for a Mac, the provisioning UDID */
    udid: string | null;
    os_version: string | null;
    sep_os_version: string | null;
    firmware_version: string | null;
    software_update_device_id: string | null;
    /** System Integrity Protection */
    sip_enabled: boolean | null;
    secure_boot: "full" | "reduced" | "permissive" | null;
    third_party_kernel_extensions: boolean | null;
  };
  Device: {
    /** The UDID; for a user enrollment, the EnrollmentID */
    id: string;
    state: "pending" | "enrolled" | "unenrolled" | "erased";
    kind: "device" | "ade" | "account_device" | "user";
    platform: "ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos" | null;
    name: string | null;
    serial: string | null;
    model: string | null;
    model_name: string | null;
    product_name: string | null;
    os_version: string | null;
    build: string | null;
    imei: string | null;
    meid: string | null;
    /** Whether it waits in Setup Assistant */
    awaiting_configuration: boolean;
    /** The number of its enrollment; 0: none was completed */
    generation: number;
    /** null: the device has not said */
    supervised: boolean | null;
    /** FileVault on a Mac; hardware encryption with a passcode on other devices */
    encrypted: boolean | null;
    /** null: the device has not said */
    passcode_present: boolean | null;
    /** null: the device has not said */
    passcode_compliant: boolean | null;
    /** null: the device has not said */
    activation_lock: boolean | null;
    /** null: the device has not said */
    lost_mode: boolean | null;
    capacity_gb: number | null;
    available_gb: number | null;
    /** 0 to 1 */
    battery_level: number | null;
    /** When it last answered DeviceInformation, to the hour */
    inventory_at: string | null;
    proven: Schemas["Proven"];
    attestation: Schemas["Attestation"] | null;
    /** Sets, tags and attributes were given to this id before this enrollment, and nothing confirms that it is the same device: they have no effect until you confirm it */
    held_back: boolean;
    /** The person that it belongs to (`/people`) */
    person_id: string | null;
    notes: string;
    tags: string[];
    attributes: Record<string, string>;
    /** null: the directory does not know it yet */
    created_at: string | null;
    enrolled_at: string | null;
    unenrolled_at: string | null;
    /** When it acknowledged an EraseDevice from this server; null: it did not, or it has enrolled since */
    erased_at: string | null;
    /** To the hour */
    last_seen_at: string | null;
  };
  DevicePage: {
    items: Schemas["Device"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  IdentityRenewal: {
    /** `not_possible`: this server does not know the profile it enrolled with */
    state: "not_possible" | "not_due" | "under_way" | "failed";
    /** When the current identity ends */
    expires_at: string | null;
    /** When its renewal begins */
    due_at: string | null;
    /** The InstallProfile command in progress */
    command_uuid: string | null;
    /** How many attempts have failed */
    attempts: number;
    /** Why the last attempt failed */
    error: string | null;
    next_look_at: string | null;
  };
  DeviceNaming: {
    /** null: it cannot be made at present; `reason` says why */
    name: string | null;
    /** The set that decides: the first by name that has a device_name */
    set: string;
    /** Sets of the device that have a device_name too, which has no effect */
    other_sets: string[];
    /** not_applicable: this device takes no name from a server; withheld: a variable has no value */
    state: "named" | "pending" | "failed" | "not_applicable" | "withheld";
    reason: string | null;
    /** Of the Settings command in progress */
    command_uuid: string | null;
    /** How often in a row it failed */
    attempts: number;
    retry_at: string | null;
    /** How often within a day it was named again, because it had another name */
    repairs: number;
  };
  SecretRotation: {
    name: string;
    /** under_way: a command waits for the Mac, or its answer is read */
    state: "due" | "under_way" | "failed";
    read_at: string;
    /** When the Mac gets the command for another one */
    rotation_due: string;
    command_uuid: string | null;
    /** How many attempts have failed */
    attempts: number;
    /** Why the last attempt failed */
    error: string | null;
    /** When it is tried next; null: a command waits, or it is tried no more until the secret is read again */
    next_at: string | null;
  };
  DeviceDetail: {
    /** The UDID; for a user enrollment, the EnrollmentID */
    id: string;
    state: "pending" | "enrolled" | "unenrolled" | "erased";
    kind: "device" | "ade" | "account_device" | "user";
    platform: "ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos" | null;
    name: string | null;
    serial: string | null;
    model: string | null;
    model_name: string | null;
    product_name: string | null;
    os_version: string | null;
    build: string | null;
    imei: string | null;
    meid: string | null;
    /** Whether it waits in Setup Assistant */
    awaiting_configuration: boolean;
    /** The number of its enrollment; 0: none was completed */
    generation: number;
    /** null: the device has not said */
    supervised: boolean | null;
    /** FileVault on a Mac; hardware encryption with a passcode on other devices */
    encrypted: boolean | null;
    /** null: the device has not said */
    passcode_present: boolean | null;
    /** null: the device has not said */
    passcode_compliant: boolean | null;
    /** null: the device has not said */
    activation_lock: boolean | null;
    /** null: the device has not said */
    lost_mode: boolean | null;
    capacity_gb: number | null;
    available_gb: number | null;
    /** 0 to 1 */
    battery_level: number | null;
    /** When it last answered DeviceInformation, to the hour */
    inventory_at: string | null;
    proven: Schemas["Proven"];
    attestation: Schemas["Attestation"] | null;
    /** Sets, tags and attributes were given to this id before this enrollment, and nothing confirms that it is the same device: they have no effect until you confirm it */
    held_back: boolean;
    /** The person that it belongs to (`/people`) */
    person_id: string | null;
    notes: string;
    tags: string[];
    attributes: Record<string, string>;
    /** null: the directory does not know it yet */
    created_at: string | null;
    enrolled_at: string | null;
    unenrolled_at: string | null;
    /** When it acknowledged an EraseDevice from this server; null: it did not, or it has enrolled since */
    erased_at: string | null;
    /** To the hour */
    last_seen_at: string | null;
    /** The number of an enrollment that is not committed yet */
    pending_generation: number | null;
    /** It is told to remove its profile when it next connects */
    unenrolling: boolean;
    /** The sum over all its channels */
    waiting_commands: number;
    purchase: Schemas["PurchasedDevice"] | null;
    /** It left, and no ADE account has it any more: Apple's portal moved it to another server, or let it go. What was escrowed stays */
    moved_away: {
      account: string;
      at: string;
    } | null;
    /** Of a device that enrolled by a person's sign-in */
    sign_in: {
      account: string;
      /** When its present token was given */
      signed_in_at: string;
      /** From then on it must have another; null: no such time is set */
      until: string | null;
    } | null;
    /** How its identity is renewed; null: the device's object does not know the device */
    identity_renewal: Schemas["IdentityRenewal"] | null;
    /** How the device should be called by its sets; null: no set names it */
    naming: Schemas["DeviceNaming"] | null;
    /** Secrets in escrow that somebody has read, until the Mac has another one */
    rotations: Schemas["SecretRotation"][];
    /** Whether the Mac's personal recovery key is known to be the one in escrow. proven: the Mac sends it, encrypted to this server; unreadable: it sends one that this server cannot open; not-sent: it has one and sends none; no-key: it has none; null: the Mac has not said, or FileVault is off */
    file_vault_key: {
      state: "proven" | "unreadable" | "not-sent" | "no-key";
      since: string;
    } | null;
    /** Why the last attempt to attest it again failed */
    attestation_failure: {
      at: string;
      detail: string;
    } | null;
    /** Events that have not reached the directory yet */
    undelivered_events: number;
  };
  DeviceChange: {
    notes?: string | undefined;
    /** All tags; they replace the earlier ones */
    tags?: string[] | undefined;
    /** Added to the existing ones; null removes one. A defined attribute (`/attributes`) must be as it is defined */
    attributes?: Record<string, string | number | boolean | null> | undefined;
    person_id?: string | null | undefined;
    /** Apply what was given to an earlier enrollment to this one too */
    held_back?: false | undefined;
  };
  AssignedApp: {
    /** Its name in the library */
    name: string;
    /** Of the library, that the device should have */
    version: number;
    state: "waiting_for_licence" | "pending" | "installing" | "waiting_for_person" | "installed" | "failed" | "not_applicable" | "removing";
    since: string;
    /** Why it is so */
    reason: string | null;
    /** What brings it; null: nothing was begun */
    managed_by: "declarations" | "commands" | null;
    /** Its bundle id, once it is known */
    identifier: string | null;
    /** That the device reports */
    installed_version: string | null;
    /** The command in progress */
    command_uuid: string | null;
    /** How many times in a row it failed */
    attempts: number;
    /** When it is tried again; null: only after something changes */
    retry_at: string | null;
  };
  Command: {
    uuid: string;
    request_type: string;
    /** The id of the user; null: the device channel */
    channel: string | null;
    state: "queued" | "sent" | "not_now" | "acknowledged" | "error" | "format_error" | "cancelled" | "expired";
    /** null: it no longer waits */
    priority: "normal" | "high" | null;
    /** The id of the token that gave it, or the part of the server that did */
    origin: string;
    queued_at: string;
    /** When the device last fetched it */
    sent_at: string | null;
    finished_at: string | null;
    /** When it stops waiting; null: never, or it no longer waits */
    expires_at: string | null;
    /** What went wrong, as the device reported it */
    error: string | null;
    /** Size of the device's report */
    result_bytes: number;
    /** The report was too large to keep; `result` is null */
    truncated: boolean;
  };
  CommandPage: {
    items: Schemas["Command"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewCommand: {
    /** Apple's RequestType */
    request_type: string;
    /** Apple's own keys besides RequestType; data in base64, dates in ISO 8601 */
    payload?: Record<string, unknown> | undefined;
    priority?: "normal" | "high" | undefined;
    /** It may wait until then */
    expires_at?: string | undefined;
    /** Its CommandUUID; one is made unless set. Sending the same command again while it waits changes nothing; any other use of a used one is a conflict */
    uuid?: string | undefined;
  };
  GivenCommand: {
    uuid: string;
    request_type: string;
    /** The id of the user; null: the device channel */
    channel: string | null;
    state: "queued" | "sent" | "not_now" | "acknowledged" | "error" | "format_error" | "cancelled" | "expired";
    /** null: it no longer waits */
    priority: "normal" | "high" | null;
    /** The id of the token that gave it, or the part of the server that did */
    origin: string;
    queued_at: string;
    /** When the device last fetched it */
    sent_at: string | null;
    finished_at: string | null;
    /** When it stops waiting; null: never, or it no longer waits */
    expires_at: string | null;
    /** What went wrong, as the device reported it */
    error: string | null;
    /** Size of the device's report */
    result_bytes: number;
    /** The report was too large to keep; `result` is null */
    truncated: boolean;
    /** What may not work, according to the catalogue */
    warnings: Schemas["Finding"][];
    /** Secrets made for this command, shown only here and only to the role admin; they are in escrow */
    generated: {
      escrow: string;
      value: string;
    }[];
  };
  CommandDetail: {
    uuid: string;
    request_type: string;
    /** The id of the user; null: the device channel */
    channel: string | null;
    state: "queued" | "sent" | "not_now" | "acknowledged" | "error" | "format_error" | "cancelled" | "expired";
    /** null: it no longer waits */
    priority: "normal" | "high" | null;
    /** The id of the token that gave it, or the part of the server that did */
    origin: string;
    queued_at: string;
    /** When the device last fetched it */
    sent_at: string | null;
    finished_at: string | null;
    /** When it stops waiting; null: never, or it no longer waits */
    expires_at: string | null;
    /** What went wrong, as the device reported it */
    error: string | null;
    /** Size of the device's report */
    result_bytes: number;
    /** The report was too large to keep; `result` is null */
    truncated: boolean;
    /** What the device gets, with secrets masked: data in base64, dates in ISO 8601 */
    payload: Record<string, unknown> | null;
    /** What the device reported, with secrets masked; null: nothing yet, or too much to keep */
    result: Record<string, unknown> | null;
  };
  Channel: {
    /** The id of its user, for `?channel=`; null: the device channel */
    id: string | null;
    kind: "device" | "user_enrollment" | "mac_user" | "shared_ipad_user" | "user_enrollment_user";
    enabled: boolean;
    /** The topic of the push certificate it listens to */
    topic: string | null;
    user_short_name: string | null;
    user_long_name: string | null;
    awaiting_configuration: boolean;
    token_update_at: string | null;
    waiting_commands: number;
    /** How the last push ended */
    push_outcome: string | null;
    push_outcome_at: string | null;
    /** Apple no longer takes pushes for it */
    unreachable: boolean;
  };
  Identity: {
    /** SHA-256 of the certificate, in hex */
    fingerprint: string;
    /** The enrollment it serves */
    generation: number;
    expires_at: string;
    /** When the device first used it */
    pinned_at: string;
    /** A newer one is in use; this one is accepted until this time */
    retires_at: string | null;
    revoked_at: string | null;
  };
  DeviceMessage: Record<string, unknown>;
  Unenrollment: {
    /** answer: the answer to its next request makes it remove its profile; profile: it gets a RemoveProfile command */
    method: "answer" | "profile";
  };
  UnenrollmentStarted: {
    method: "answer" | "profile";
    /** The UUID of the RemoveProfile command */
    command_uuid: string | null;
    what_happens: string;
  };
  Escrowed: {
    name: string;
    /** The device it came from; it differs for a deleted device with the same serial number */
    device_id: string;
    /** The enrollment it came with */
    generation: number;
    stored_at: string;
    /** It belongs to the current enrollment */
    current: boolean;
    /** false: the device has not confirmed that it took it */
    confirmed: boolean;
    /** When its device was deleted */
    archived_at: string | null;
  };
  EscrowValues: {
    name: "bootstrap-token" | "unlock-token" | "filevault-key" | "recovery-lock" | "managed-admin" | "lock-pin" | "erase-pin" | "activation-lock-bypass" | "activation-lock-server";
    /** The value now in use, encoded as `encoding` says; null: there is none */
    value: string | null;
    encoding: "text" | "base64" | null;
    items: {
      name: string;
      /** The device it came from; it differs for a deleted device with the same serial number */
      device_id: string;
      /** The enrollment it came with */
      generation: number;
      stored_at: string;
      /** It belongs to the current enrollment */
      current: boolean;
      /** false: the device has not confirmed that it took it */
      confirmed: boolean;
      /** When its device was deleted */
      archived_at: string | null;
      /** As `encoding` says */
      value: string;
      encoding: "text" | "base64";
    }[];
    next_cursor: null;
  };
  Event: {
    id: number;
    /** null: it concerns the server itself */
    device_id: string | null;
    /** The id of the user; null: the device channel */
    channel: string | null;
    name: string;
    detail: Record<string, string | number | boolean | null>;
    /** When it happened; the directory gets it a little later */
    at: string;
  };
  EventPage: {
    items: Schemas["Event"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  ShelfLink: {
    /** Who has it can install and remove what this channel is offered, and nothing else */
    url: string;
  };
  Offer: {
    kind: "profile" | "declaration" | "app";
    identifier: string;
    /** For people; null: it has none */
    name: string | null;
    /** The sets that offer it */
    sets: string[];
    chosen: {
      at: string;
      /** The id of a token; null: a person at the device */
      by: string | null;
    } | null;
    /** available: it was not chosen. installing: it was chosen and is on its way. waiting_for_licence: of an app, and there is none left. waiting_for_person: the device asks its user. not_applicable: it was chosen and is not for this kind of device. removing: it was given back and is still there */
    state: "available" | "installing" | "waiting_for_licence" | "waiting_for_person" | "installed" | "failed" | "not_applicable" | "removing";
    since: string | null;
    /** Why it failed */
    reason: string | null;
  };
  OfferList: {
    items: Schemas["Offer"][];
    next_cursor: null;
  };
  AssignedProfile: {
    identifier: string;
    /** The user's id; null: the device channel */
    channel: string | null;
    /** The version that it should have */
    version: number;
    /** pending: it is being delivered. failed: it could not be delivered, or the device refused it; see the reason. not_applicable: it is not for this kind of device or channel. removing: it is being removed */
    state: "pending" | "installed" | "failed" | "not_applicable" | "removing";
    reason: string | null;
    /** The version that it installed last */
    installed_version: number | null;
    installed_at: string | null;
    /** The command in progress */
    command_uuid: string | null;
    /** How many times in a row it failed */
    attempts: number;
    /** When it is tried again; null: only after something changes */
    retry_at: string | null;
    /** How many times it was installed again within a day */
    repairs: number;
  };
  AssignedProfiles: {
    items: Schemas["AssignedProfile"][];
    next_cursor: null;
    /** When the device next compares its profiles with what it should have; null: nothing has changed since the last time */
    looks_at: string | null;
  };
  Push: {
    /** delivered: Apple accepted it. The device has it when it connects */
    outcome: "delivered" | "unregistered" | "token-for-other-topic" | "retry" | "certificate-trouble" | "topic-trouble" | "our-mistake" | "no-certificate";
    /** The outcome with its reason, as it is recorded on the channel */
    detail: string;
    /** Apple's id for the push */
    apns_id: string | null;
  };
  RetryWish: {
    kind?: "profile" | "declaration" | "app" | "device-name" | "setup-step" | undefined;
    /** The identifier of the profile or declaration, the name of the app or step */
    name?: string | undefined;
    /** The user's id; empty: the device channel. All channels unless set */
    channel?: string | undefined;
  };
  RetriedThings: {
    items: {
      kind: "profile" | "declaration" | "app" | "device-name" | "setup-step";
      name: string;
      /** The user's id; null: the device channel */
      channel: string | null;
    }[];
  };
  Setup: {
    /** releasing: the device has yet to fetch the command that lets it go; stuck: it refused that command each time */
    state: "running" | "releasing" | "released" | "stuck";
    began_at: string;
    released_at: string | null;
    /** complete, time-limit, device (it left by itself), or the token that let it go */
    released_by: string | null;
    /** It is let go then, whatever is still to be done */
    ends_at: string;
    /** Of the command that lets it go */
    command_uuid: string | null;
    steps: {
      name: "file-vault-escrow" | "profiles" | "declarations" | "apps" | "accounts" | "recovery-lock";
      /** late: it took longer than a step may; the device was not held for it any longer */
      state: "running" | "done" | "failed" | "late";
      /** The device is held until this ends */
      holds: boolean;
      /** How long it has been going on, or how long it took */
      age_seconds: number;
      began_at: string;
      ended_at: string | null;
      command_uuid: string | null;
      error: string | null;
    }[];
  };
  Inventory: {
    /** What it answered to DeviceInformation */
    information: {
      as_of: string;
      /** The values by Apple's names, without secrets */
      values: Record<string, unknown>;
    } | null;
    /** What it answered to SecurityInfo */
    security: {
      as_of: string;
      /** The values by Apple's names, without secrets */
      values: Record<string, unknown>;
    } | null;
    lists: {
      name: "apps" | "managed-apps" | "installed-profiles" | "installed-certificates" | "provisioning-profiles" | "users" | "available-updates";
      as_of: string;
      total: number;
    }[];
  };
  InventoryAsked: {
    asked: Schemas["Command"][];
    /** What already waits and was not queued again */
    waiting: string[];
  };
  InstalledApp: {
    identifier?: string | undefined;
    name?: string | undefined;
    short_version?: string | undefined;
    version?: string | undefined;
    bundle_size?: number | undefined;
    external_version_identifier?: number | undefined;
    distributor_identifier?: string | undefined;
    source?: string | undefined;
    validated?: boolean | undefined;
    app_store?: boolean | undefined;
    device_licensed?: boolean | undefined;
    beta?: boolean | undefined;
    ad_hoc_signed?: boolean | undefined;
    app_clip?: boolean | undefined;
    update_available?: boolean | undefined;
    installing?: boolean | undefined;
    /** Absent: the device has not told which apps it manages */
    managed?: boolean | undefined;
    /** Apple's word, such as `Managed` or `Failed`; some are told once */
    management_state?: string | undefined;
    management_reasons?: string[] | undefined;
    /** The app of the library that brought it. Absent: none did */
    library_app?: {
      name: string;
      state: "waiting_for_licence" | "pending" | "installing" | "waiting_for_person" | "installed" | "failed" | "not_applicable" | "removing";
      reason: string | null;
    } | undefined;
  };
  ManagedApp: {
    identifier?: string | undefined;
    state?: string | undefined;
    reasons?: string[] | undefined;
    management_flags?: number | undefined;
    has_configuration?: boolean | undefined;
    has_feedback?: boolean | undefined;
    validated?: boolean | undefined;
    external_version_identifier?: number | undefined;
    unused_redemption_code?: boolean | undefined;
  };
  InstalledProfile: {
    identifier?: string | undefined;
    uuid?: string | undefined;
    version?: number | undefined;
    display_name?: string | undefined;
    organization?: string | undefined;
    description?: string | undefined;
    removal_disallowed?: boolean | undefined;
    has_removal_passcode?: boolean | undefined;
    encrypted?: boolean | undefined;
    managed?: boolean | undefined;
    source?: string | undefined;
    signed?: boolean | undefined;
    payloads: {
      type?: string | undefined;
      identifier?: string | undefined;
      uuid?: string | undefined;
      version?: number | undefined;
      display_name?: string | undefined;
    }[];
  };
  InstalledCertificate: {
    common_name?: string | undefined;
    /** Whether the device has its private key */
    is_identity?: boolean | undefined;
    /** SHA-256 of the DER, hex */
    fingerprint?: string | undefined;
    serial?: string | undefined;
    subject?: string | undefined;
    issuer?: string | undefined;
    not_before?: string | undefined;
    not_after?: string | undefined;
    is_ca?: boolean | undefined;
  };
  InstalledProvisioningProfile: {
    name?: string | undefined;
    uuid?: string | undefined;
    expires_at?: string | undefined;
  };
  DeviceUser: {
    short_name?: string | undefined;
    full_name?: string | undefined;
    uid?: number | undefined;
    guid?: string | undefined;
    logged_in?: boolean | undefined;
    has_secure_token?: boolean | undefined;
    mobile_account?: boolean | undefined;
    has_data_to_sync?: boolean | undefined;
    data_quota?: number | undefined;
    data_used?: number | undefined;
  };
  AvailableUpdate: {
    product_key?: string | undefined;
    name?: string | undefined;
    version?: string | undefined;
    build?: string | undefined;
    supplemental_version?: string | undefined;
    supplemental_build?: string | undefined;
    download_size?: number | undefined;
    install_size?: number | undefined;
    critical?: boolean | undefined;
    security_response?: boolean | undefined;
    major?: boolean | undefined;
    firmware?: boolean | undefined;
    configuration_data?: boolean | undefined;
    restart_required?: boolean | undefined;
    allows_install_later?: boolean | undefined;
    requires_bootstrap_token?: boolean | undefined;
    deferred_until?: string | undefined;
  };
  ChannelDeclaration: {
    identifier: string;
    kind: "activation" | "asset" | "configuration" | "management";
    type: string;
    /** The token of the version that the device should have */
    server_token: string;
    state: "pending" | "active" | "inactive" | "invalid" | "unknown_to_device" | "stale";
    /** null: it reported nothing about this one */
    reported: {
      /** The token of the version that the device has */
      server_token: string;
      active: boolean;
      valid: "unknown" | "invalid" | "valid";
      reasons: Schemas["DeclarationReason"][];
    } | null;
  };
  StatusItem: {
    path: string;
    value: string | number | boolean | (string | number | boolean | Record<string, unknown>)[] | Record<string, unknown> | null;
    since: string;
    /** Earlier values, newest first; only for items with one value */
    history: {
      since: string;
      value: string | number | boolean | (string | number | boolean | Record<string, unknown>)[] | Record<string, unknown> | null;
    }[];
  };
  StatusItemPage: {
    items: Schemas["StatusItem"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  StatusError: {
    status_item: string;
    reported_at: string;
    reasons: Schemas["DeclarationReason"][];
  };
  StatusReport: {
    id: number;
    received_at: string;
    /** In bytes */
    size: number;
    /** `new`, `read`, or why it could not be read */
    state: string;
  };
  ChannelSets: {
    sets: {
      name: string;
      /** By somebody */
      given: boolean;
      /** Because the set's filter matches */
      by_rule: boolean;
    }[];
    warnings: {
      code: string;
      detail: string;
    }[];
  };
  SetsOfChannel: {
    /** All names; they replace the earlier ones */
    sets: string[];
  };
  NewChallenge: {
    /** Only a device with this serial number may use the identity */
    serial?: string | undefined;
    /** Only a device with this UDID may use the identity */
    udid?: string | undefined;
    /** The account that the identity is for */
    account?: string | undefined;
    /** For a renewal: the enrolled device whose identity it replaces (admin) */
    device_id?: string | undefined;
    /** How many seconds it can be used */
    expires_in?: number | undefined;
    /** The identity gets the alternative names that its request asks for (admin) */
    requested_alt_names?: boolean | undefined;
    /** For ACME instead of SCEP: the challenge is a ClientIdentifier, and attestation of the key is required or optional */
    attestation?: "required" | "preferred" | undefined;
  };
  Challenge: {
    /** Shown only here; valid for one key */
    challenge: string;
    /** null: it is not a challenge for SCEP */
    scep_url: string | null;
    /** null: it is not a ClientIdentifier for ACME */
    directory_url: string | null;
    expires_at: string;
  };
  Invitation: {
    id: string;
    state: "active" | "used-up" | "expired" | "revoked";
    note: string;
    /** Only this device can enroll with it */
    serial: string | null;
    /** The person it is for */
    user: string | null;
    max_uses: number;
    /** How many profiles it was used for */
    uses: number;
    last_used_at: string | null;
    created_at: string;
    /** The id of the token that made it */
    created_by: string;
    expires_at: string;
    revoked_at: string | null;
  };
  InvitationPage: {
    items: Schemas["Invitation"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewInvitation: {
    /** How many devices can enroll with it */
    max_uses?: number | undefined;
    /** When it ends: in the future, within 366 days; in seven days unless set */
    expires_at?: string | undefined;
    serial?: string | null | undefined;
    user?: string | null | undefined;
    note?: string | undefined;
    /** The link is sent to this address (docs/mail.md) */
    mail_to?: string | null | undefined;
    /** Of that message; else the setting mail_language */
    mail_language?: "en" | "de" | "fr" | "es" | "ja" | undefined;
  };
  CreatedInvitation: {
    id: string;
    state: "active" | "used-up" | "expired" | "revoked";
    note: string;
    /** Only this device can enroll with it */
    serial: string | null;
    /** The person it is for */
    user: string | null;
    max_uses: number;
    /** How many profiles it was used for */
    uses: number;
    last_used_at: string | null;
    created_at: string;
    /** The id of the token that made it */
    created_by: string;
    expires_at: string;
    revoked_at: string | null;
    /** Shown only here */
    code: string;
    /** The link that a person opens on the device; shown only here */
    url: string;
    /** The link as a QR code, an SVG picture */
    qr_svg: string;
    /** Whether the platform took the message; null: none was asked for */
    mail: {
      sent: boolean;
      trouble: string | null;
    } | null;
  };
  EnrollmentSettings: {
    mdm: {
      Topic: string | null;
      ServerURL: string | null;
      CheckInURL: string | null;
      AccessRights: number | null;
      SignMessage: boolean | null;
      CheckOutWhenRemoved: boolean | null;
      ServerCapabilities: string[] | null;
      EnrollmentMode: "BYOD" | "ADDE" | null;
      AssignedManagedAppleID: string | null;
      ManagedAppleID: string | null;
      RequiredAppIDForMDM: number | null;
      ServerURLPinningCertificateUUIDs: string[] | null;
      CheckInURLPinningCertificateUUIDs: string[] | null;
      PinningRevocationCheckRequired: boolean | null;
      PromptUserToAllowBootstrapTokenForAuthentication: boolean | null;
      UseDevelopmentAPNS: boolean | null;
    };
    scep: {
      Name: string | null;
      Subject: string[][][] | null;
      SubjectAltName: Record<string, string | string[]> | null;
      Keysize: 2048 | 4096 | null;
      "Key Usage": 1 | 4 | 5 | null;
      Retries: number | null;
      RetryDelay: number | null;
      KeyIsExtractable: boolean | null;
      AllowAllAppsAccess: boolean | null;
    };
    profile: {
      PayloadIdentifier: string | null;
      PayloadDisplayName: string | null;
      PayloadDescription: string | null;
      PayloadOrganization: string | null;
      ConsentText: Record<string, string> | null;
      PayloadRemovalDisallowed: boolean | null;
      RemovalDate: string | null;
      DurationUntilRemoval: number | null;
      PayloadExpirationDate: string | null;
      TargetDeviceType: 0 | 1 | 2 | 3 | 4 | 5 | 6 | null;
    };
    attestation: {
      device: "required" | "preferred" | "off" | null;
      ade: "required" | "preferred" | "off" | null;
      account_device: "required" | "preferred" | "off" | null;
      user: "required" | "preferred" | "off" | null;
    };
    account_driven: {
      enabled: boolean | null;
      method: "apple-as-web" | "apple-oauth2" | null;
      sso: {
        app: number;
        associated_domains?: string[] | undefined;
        direct_downloads?: boolean | undefined;
        profile?: string | undefined;
        declarations?: string[] | undefined;
      } | null;
      sign_in_days: number | null;
      rules: {
        account?: string | undefined;
        family?: "iPhone" | "iPad" | "Mac" | "RealityDevice" | "AppleTV" | "Watch" | undefined;
        kind: "user" | "account_device" | "refuse";
      }[] | null;
    };
    certificates: string[] | null;
    include_authority: boolean | null;
    file_vault_escrow: string | null;
    mutual_tls: boolean | null;
    accepted_hosts: string[] | null;
    open_enrollment: boolean | null;
    challenge_hours: number | null;
    /** The values in the next profile for a download */
    effective: {
      /** Whether a device could be enrolled now */
      ready: boolean;
      /** Why not, and what to do */
      problem: string | null;
      warning: string | null;
      Topic: string | null;
      ServerURL: string;
      CheckInURL: string;
      /** The PayloadUUIDs of `certificates`, in the same order; pinning refers to them */
      certificate_uuids: string[];
    };
  };
  EnrollmentSettingsPatch: {
    mdm?: {
      Topic?: string | null | undefined;
      ServerURL?: string | null | undefined;
      CheckInURL?: string | null | undefined;
      AccessRights?: number | null | undefined;
      SignMessage?: boolean | null | undefined;
      CheckOutWhenRemoved?: boolean | null | undefined;
      ServerCapabilities?: string[] | null | undefined;
      EnrollmentMode?: "BYOD" | "ADDE" | null | undefined;
      AssignedManagedAppleID?: string | null | undefined;
      ManagedAppleID?: string | null | undefined;
      RequiredAppIDForMDM?: number | null | undefined;
      ServerURLPinningCertificateUUIDs?: string[] | null | undefined;
      CheckInURLPinningCertificateUUIDs?: string[] | null | undefined;
      PinningRevocationCheckRequired?: boolean | null | undefined;
      PromptUserToAllowBootstrapTokenForAuthentication?: boolean | null | undefined;
      UseDevelopmentAPNS?: boolean | null | undefined;
    } | null | undefined;
    scep?: {
      Name?: string | null | undefined;
      Subject?: string[][][] | null | undefined;
      SubjectAltName?: Record<string, string | string[]> | null | undefined;
      Keysize?: 2048 | 4096 | null | undefined;
      "Key Usage"?: 1 | 4 | 5 | null | undefined;
      Retries?: number | null | undefined;
      RetryDelay?: number | null | undefined;
      KeyIsExtractable?: boolean | null | undefined;
      AllowAllAppsAccess?: boolean | null | undefined;
    } | null | undefined;
    profile?: {
      PayloadIdentifier?: string | null | undefined;
      PayloadDisplayName?: string | null | undefined;
      PayloadDescription?: string | null | undefined;
      PayloadOrganization?: string | null | undefined;
      ConsentText?: Record<string, string> | null | undefined;
      PayloadRemovalDisallowed?: boolean | null | undefined;
      RemovalDate?: string | null | undefined;
      DurationUntilRemoval?: number | null | undefined;
      PayloadExpirationDate?: string | null | undefined;
      TargetDeviceType?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | null | undefined;
    } | null | undefined;
    attestation?: {
      device?: "required" | "preferred" | "off" | null | undefined;
      ade?: "required" | "preferred" | "off" | null | undefined;
      account_device?: "required" | "preferred" | "off" | null | undefined;
      user?: "required" | "preferred" | "off" | null | undefined;
    } | null | undefined;
    account_driven?: {
      enabled?: boolean | null | undefined;
      method?: "apple-as-web" | "apple-oauth2" | null | undefined;
      sso?: {
        app: number;
        associated_domains?: string[] | undefined;
        direct_downloads?: boolean | undefined;
        profile?: string | undefined;
        declarations?: string[] | undefined;
      } | null | undefined;
      sign_in_days?: number | null | undefined;
      rules?: {
        account?: string | undefined;
        family?: "iPhone" | "iPad" | "Mac" | "RealityDevice" | "AppleTV" | "Watch" | undefined;
        kind: "user" | "account_device" | "refuse";
      }[] | null | undefined;
    } | null | undefined;
    certificates?: string[] | null | undefined;
    include_authority?: boolean | null | undefined;
    file_vault_escrow?: string | null | undefined;
    mutual_tls?: boolean | null | undefined;
    accepted_hosts?: string[] | null | undefined;
    open_enrollment?: boolean | null | undefined;
    challenge_hours?: number | null | undefined;
  };
  JobRun: {
    state: "running" | "done" | "failed" | "cancelled";
    started_at: string;
    /** The id of a token, or `cron` */
    started_by: string;
    finished_at: string | null;
    /** The outcome in words, once it has ended */
    outcome: string | null;
    /** How many pages of work are done */
    pages: number;
    counts: Record<string, number>;
    /** What a person should look at, the first fifty */
    remarks: {
      about: string;
      detail: string;
    }[];
    remark_count: number;
    /** How many times in a row the current page has failed */
    faults: number;
    last_fault: string | null;
    /** null: it has ended */
    next_page_at: string | null;
  };
  Job: {
    kind: "repair" | "prune" | "reseal" | "expiries" | "assign" | "rollouts" | "apple-systems" | "software-updates" | "selftest" | "problems" | "fleet-problems" | "left-licences" | "releases" | "mail" | "summary" | "packages" | "wake";
    summary: string;
    /** The current or last run; null: there was none */
    run: Schemas["JobRun"] | null;
  };
  EscrowCertificate: {
    /** SHA-256 of the certificate, in hex */
    fingerprint: string;
    /** PEM: the certificate that an FDERecoveryKeyEscrow payload refers to */
    certificate: string;
    /** Devices get the newest one; the server can open keys for all of them */
    in_use: boolean;
    expires_at: string;
    created_at: string;
  };
  NewEscrowCertificate: {
    /** true: only if there is none yet */
    if_none?: boolean | undefined;
  };
  MailTest: {
    to: string;
    language?: "en" | "de" | "fr" | "es" | "ja" | undefined;
  };
  MailOutcome: {
    /** The platform took it; whether it arrives, nobody says */
    sent: boolean;
    /** The platform's words */
    trouble: string | null;
  };
  ManagedThing: {
    /** The address, such as /api/v1/sets/office */
    path: string;
    managed_by: string;
    created_at: string;
  };
  ManagedThingPage: {
    items: Schemas["ManagedThing"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  Package: {
    name: string;
    kind: "pkg" | "ipa";
    /** The bundle identifier in the manifest */
    identifier: string;
    /** The bundle version in the manifest */
    version: string;
    /** What people see, of an app */
    short_version: string | null;
    title: string;
    size: number;
    /** The SHA-256 of the SHA-256 of each chunk: the same content has the same */
    content_hash: string;
    /** Of the whole file; null where the upload did not declare it */
    sha256: string | null;
    minimum_os_version: string | null;
    platforms: string[];
    /** What the installer installs, of a .pkg */
    packages: {
      identifier: string;
      version: string;
    }[];
    /** The apps in them */
    bundles: {
      identifier: string;
      version: string;
    }[];
    signer: {
      common_name: string;
      team_id: string | null;
      /** Whether the certificate is called Developer ID Installer; whose it is, a Mac decides */
      developer_id: boolean;
      expires_at: string;
      /** The names of the certificates in the file */
      chain: string[];
    } | null;
    provisioning: {
      name: string;
      /** enterprise: for every device; ad-hoc: for those that the profile lists */
      distribution: "enterprise" | "ad-hoc";
      /** The app does not start after this */
      expires_at: string;
    } | null;
    created_at: string;
    updated_at: string;
    updated_by: string;
  };
  PackagePage: {
    items: Schemas["Package"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  SavedPackage: {
    name: string;
    kind: "pkg" | "ipa";
    /** The bundle identifier in the manifest */
    identifier: string;
    /** The bundle version in the manifest */
    version: string;
    /** What people see, of an app */
    short_version: string | null;
    title: string;
    size: number;
    /** The SHA-256 of the SHA-256 of each chunk: the same content has the same */
    content_hash: string;
    /** Of the whole file; null where the upload did not declare it */
    sha256: string | null;
    minimum_os_version: string | null;
    platforms: string[];
    /** What the installer installs, of a .pkg */
    packages: {
      identifier: string;
      version: string;
    }[];
    /** The apps in them */
    bundles: {
      identifier: string;
      version: string;
    }[];
    signer: {
      common_name: string;
      team_id: string | null;
      /** Whether the certificate is called Developer ID Installer; whose it is, a Mac decides */
      developer_id: boolean;
      expires_at: string;
      /** The names of the certificates in the file */
      chain: string[];
    } | null;
    provisioning: {
      name: string;
      /** enterprise: for every device; ad-hoc: for those that the profile lists */
      distribution: "enterprise" | "ad-hoc";
      /** The app does not start after this */
      expires_at: string;
    } | null;
    created_at: string;
    updated_at: string;
    updated_by: string;
    outcome: "created" | "replaced" | "unchanged";
  };
  PackageUpload: {
    id: string;
    kind: "pkg" | "ipa";
    size: number;
    /** Of each part but the last */
    part_bytes: number;
    /** How many there are; the first is 1 */
    parts: number;
    sha256: string | null;
    started_at: string;
    started_by: string;
    /** When it is given up, unless a part arrives before */
    expires_at: string | null;
  };
  PackageUploadPage: {
    items: Schemas["PackageUpload"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewPackageUpload: {
    kind: "pkg" | "ipa";
    /** Of the file, in bytes */
    size: number;
    /** Of the whole file: compared when the upload is completed, which reads the file once more. Without it, each part may still be sent with its own Content-Digest */
    sha256?: string | null | undefined;
  };
  PackagePart: {
    part: number;
    md5: string;
    sha256: string;
  };
  PackagePartPage: {
    items: Schemas["PackagePart"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  Person: {
    id: string;
    /** The Managed Apple Account, or the account of the provider: a sign-in finds the person by it */
    account: string | null;
    email: string | null;
    name: string | null;
    department: string | null;
    /** The last sign-in that enrolled a device, or was to */
    signed_in_at: string | null;
    created_at: string;
    updated_at: string;
  };
  PersonPage: {
    items: Schemas["Person"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewPerson: {
    account?: string | null | undefined;
    email?: string | null | undefined;
    name?: string | null | undefined;
    department?: string | null | undefined;
  };
  PersonChange: {
    account?: string | null | undefined;
    email?: string | null | undefined;
    name?: string | null | undefined;
    department?: string | null | undefined;
  };
  PostureDevice: {
    device_id: string;
    serial_number?: string | null | undefined;
  };
  PostureQuestion: {
    devices?: Schemas["PostureDevice"][] | undefined;
    /** The same, as some callers spell it */
    Devices?: Schemas["PostureDevice"][] | undefined;
  };
  PostureAnswer: {
    /** By `device_id`; one for each device that was asked about */
    result: Record<string, {
      /** The id of the device here; empty: none is known */
      s2s_id: string;
      score: number;
    }>;
  };
  ProblemEntry: {
    code: string;
    /** What it concerns: an id, a topic or a name; empty: there is only one */
    subject: string;
    urgency: "urgent" | "soon" | "notice";
    title: string;
    /** What it means */
    means: string;
    what_to_do: string;
    /** How many devices it affects, counted up to ten thousand; null: it does not concern particular devices */
    devices: number | null;
    /** When something that still works will end */
    ends_at: string | null;
    /** When it was first found */
    since: string;
    facts: Record<string, string | number | null>;
  };
  ProblemCalendar: {
    url: string;
  };
  ProfileStanding: {
    device_id: string;
    /** The name of the device */
    name: string | null;
    serial: string | null;
    /** The user's id; null: the device channel */
    channel: string | null;
    /** pending: it is being delivered. failed: it could not be delivered, or the device refused it; see the reason. not_applicable: it is not for this kind of device or channel. removing: it is being removed */
    state: "pending" | "installed" | "failed" | "not_applicable" | "removing";
    reason: string | null;
    version: number | null;
    updated_at: string;
  };
  ProfileStandings: {
    items: Schemas["ProfileStanding"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
    /** How many channels are in each state; 10000 means this number or more */
    counts: Record<string, number>;
  };
  Profile: {
    identifier: string;
    /** Goes up by one each time the content changes */
    version: number;
    name: string | null;
    /** PayloadUUID; with variables, each device gets another one */
    uuid: string;
    /** SHA-256 of the content's meaning; the file format and the order of keys do not matter */
    digest: string;
    payload_types: string[];
    /** What in it a device needs to reach the server; empty: nothing. Changes of such profiles go in rings, unless the setting `connectivity_rollout` says otherwise */
    connectivity_critical: ("wi-fi" | "ethernet" | "vpn" | "cellular" | "content-filter" | "dns" | "proxy" | "relay" | "certificate")[];
    /** The variables that are filled in for each device */
    variables: string[];
    /** Who had signed the uploaded file; null: nobody */
    signed_by: string | null;
    /** Whether it is encrypted to the identity of each device */
    encrypted: boolean;
    size: number;
    created_at: string;
    updated_at: string;
    /** The id of a token */
    updated_by: string;
  };
  ProfilePage: {
    items: Schemas["Profile"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  ProfileDetail: {
    identifier: string;
    /** Goes up by one each time the content changes */
    version: number;
    name: string | null;
    /** PayloadUUID; with variables, each device gets another one */
    uuid: string;
    /** SHA-256 of the content's meaning; the file format and the order of keys do not matter */
    digest: string;
    payload_types: string[];
    /** What in it a device needs to reach the server; empty: nothing. Changes of such profiles go in rings, unless the setting `connectivity_rollout` says otherwise */
    connectivity_critical: ("wi-fi" | "ethernet" | "vpn" | "cellular" | "content-filter" | "dns" | "proxy" | "relay" | "certificate")[];
    /** The variables that are filled in for each device */
    variables: string[];
    /** Who had signed the uploaded file; null: nobody */
    signed_by: string | null;
    /** Whether it is encrypted to the identity of each device */
    encrypted: boolean;
    size: number;
    created_at: string;
    updated_at: string;
    /** The id of a token */
    updated_by: string;
    /** Secrets are masked, except for admins */
    profile: Record<string, unknown>;
  };
  /** Apple's own keys; data in base64, dates in ISO 8601 */
  ProfileContent: Record<string, unknown>;
  ProfileSignature: {
    subject: string;
    /** SHA-256 of the certificate, in hex */
    fingerprint: string;
    not_before: string;
    not_after: string;
  };
  ProfileFinding: {
    level: "error" | "warning";
    /** A JSON pointer into the profile; for a missing key, the place where it belongs */
    pointer: string;
    /** The rule */
    code: "wrong-type" | "missing-key" | "out-of-range" | "not-in-list" | "bad-format" | "wrong-count" | "one-of" | "needs-key" | "too-deep" | "too-large" | "too-many-findings" | "forbidden-by-access-rights" | "forbidden-in-user-enrollment" | "unknown-type" | "unknown-key" | "not-on-platform" | "os-too-old" | "deprecated" | "removed" | "needs-supervision" | "needs-automated-enrollment" | "needs-access-right" | "wrong-channel" | "wrong-enrollment" | "ignored-here" | "shared-ipad" | "only-one-allowed" | "not-provisioned" | "empty-identifier" | "unusual-identifier" | "empty-uuid" | "unusual-uuid" | "variable-in-identity" | "missing-content" | "content-beside-encrypted" | "missing-encrypted-content" | "not-marked-encrypted" | "bad-encrypted-content" | "encrypted-for-one" | "bad-language" | "no-default-language" | "consent-over-mdm" | "removal-date-past" | "bad-duration" | "two-removal-times" | "expired" | "removal-password-missing" | "removal-password-unannounced" | "duplicate-identifier" | "duplicate-uuid" | "reserved-key" | "unknown-reference" | "wrong-reference-kind" | "platform-conflict" | "target-conflict" | "scope-conflict" | "not-over-mdm" | "mdm-in-library" | "bad-certificate" | "not-an-authority" | "expired-certificate" | "bad-pkcs12" | "no-pkcs12-password" | "bad-url" | "weak-key" | "bad-subject" | "bad-key-size" | "not-hardware-bound" | "attest-needs-hardware" | "bad-topic" | "bad-access-rights" | "rights-in-user-enrollment" | "removal-in-user-enrollment" | "bad-enrollment-mode" | "bad-capability" | "no-user-connections" | "development-push" | "bad-pin" | "unknown-variable" | "unclosed-variable" | "missing-variable" | "scope-channel";
    detail: string;
    /** What to do about it */
    remedy: string;
    /** What you probably meant */
    suggestion?: string | undefined;
  };
  SavedProfile: {
    identifier: string;
    /** Goes up by one each time the content changes */
    version: number;
    name: string | null;
    /** PayloadUUID; with variables, each device gets another one */
    uuid: string;
    /** SHA-256 of the content's meaning; the file format and the order of keys do not matter */
    digest: string;
    payload_types: string[];
    /** What in it a device needs to reach the server; empty: nothing. Changes of such profiles go in rings, unless the setting `connectivity_rollout` says otherwise */
    connectivity_critical: ("wi-fi" | "ethernet" | "vpn" | "cellular" | "content-filter" | "dns" | "proxy" | "relay" | "certificate")[];
    /** The variables that are filled in for each device */
    variables: string[];
    /** Who had signed the uploaded file; null: nobody */
    signed_by: string | null;
    /** Whether it is encrypted to the identity of each device */
    encrypted: boolean;
    size: number;
    created_at: string;
    updated_at: string;
    /** The id of a token */
    updated_by: string;
    outcome: "added" | "changed" | "unchanged";
    /** The id of the rollout that brings it to devices ring by ring; null: they get it at once */
    rollout: string | null;
    /** A valid signature by any signer; it is not kept. null: there was none */
    signature: Schemas["ProfileSignature"] | null;
    warnings: Schemas["ProfileFinding"][];
  };
  ProfileVersion: {
    version: number;
    uuid: string;
    digest: string;
    signed_by: string | null;
    size: number;
    saved_at: string;
    /** The id of a token */
    saved_by: string;
  };
  ProfileVersionPage: {
    items: Schemas["ProfileVersion"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  ProfileVerdict: {
    /** Without errors */
    valid: boolean;
    variables: string[];
    /** A valid signature by any signer; it is not kept. null: there was none */
    signature: Schemas["ProfileSignature"] | null;
    findings: Schemas["ProfileFinding"][];
  };
  ProfilePreview: {
    identifier: string;
    version: number;
    /** The UUID under which the device will list it */
    uuid: string | null;
    digest: string | null;
    /** Variables for which this device has no value: the profile would not be delivered */
    missing: string[];
    /** The profile with its variables filled in; null while a value is missing */
    profile: Record<string, unknown> | null;
    /** Reasons why it does not fit this device or channel */
    warnings: Schemas["ProfileFinding"][];
  };
  ProvisioningProfile: {
    uuid: string;
    name: string;
    /** Team and bundle identifier */
    app_id: string | null;
    team_id: string | null;
    platforms: string[];
    /** UDIDs; null: every device of the organization */
    devices: string[] | null;
    expires_at: string;
    /** expiring: within 30 days */
    state: "valid" | "expiring" | "expired";
    uploaded_at: string;
  };
  ProvisioningProfilePage: {
    items: Schemas["ProvisioningProfile"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  PushRequest: {
    id: string;
    /** The Apple Account used to request the certificate */
    account: string;
    /** PEM; Apple takes it only with the signature of a vendor */
    csr: string;
    /** mdmcert.download was asked to sign it */
    sent_to_mdmcert: boolean;
    created_at: string;
  };
  NewPushRequest: {
    /** The Apple Account; for a renewal, the one that made the certificate */
    account: string;
    /** Default: the organization */
    common_name?: string | undefined;
    country?: string | undefined;
  };
  VendorCredential: {
    /** PEM; further certificates in it are its chain */
    certificate?: string | undefined;
    /** PEM: PKCS#8, PKCS#1 or SEC 1, encrypted or not */
    private_key?: string | undefined;
    /** Instead of both: a PKCS#12 file, base64 */
    pkcs12?: string | undefined;
    /** The password of the key or the file */
    password?: string | undefined;
  };
  MdmcertOrder: {
    /** The address that is registered and confirmed at mdmcert.download, which mails its answer there */
    email: string;
    /** From mdmcert.download; it is not kept */
    api_key: string;
  };
  PushCertificate: {
    id: string;
    /** The topic that devices listen to for as long as they are enrolled */
    topic: string;
    /** Pushes to the topic are sent with it */
    in_use: boolean;
    /** The Apple Account that it must be renewed with */
    account: string | null;
    serial: string;
    /** SHA-256 of the certificate, in hex */
    fingerprint: string;
    /** PEM */
    certificate: string;
    not_before: string;
    not_after: string;
    days_left: number;
    /** Why its last push could not be sent */
    trouble: string | null;
    trouble_at: string | null;
    created_at: string;
  };
  NewPushCertificate: {
    /** PEM; further certificates in it are its chain */
    certificate?: string | undefined;
    /** PEM: PKCS#8, PKCS#1 or SEC 1, encrypted or not */
    private_key?: string | undefined;
    /** Instead of both: a PKCS#12 file, base64 */
    pkcs12?: string | undefined;
    /** The password of the key or the file */
    password?: string | undefined;
    /** The Apple Account that made it, for the person who renews it */
    account?: string | undefined;
  };
  PushCertificateChange: {
    /** Go back to this one: pushes are sent with it again */
    in_use?: true | undefined;
    account?: string | null | undefined;
  };
  PushVendor: {
    id: string;
    subject: string;
    /** The earliest end of all certificates in its chain */
    not_after: string;
    created_at: string;
  };
  NewPushVendor: {
    /** PEM; further certificates in it are its chain */
    certificate?: string | undefined;
    /** PEM: PKCS#8, PKCS#1 or SEC 1, encrypted or not */
    private_key?: string | undefined;
    /** Instead of both: a PKCS#12 file, base64 */
    pkcs12?: string | undefined;
    /** The password of the key or the file */
    password?: string | undefined;
  };
  RolloutRing: {
    /** From 1 */
    ring: number;
    /** The share of all devices, with the earlier rings; null: a ring of sets, or the last one */
    percent: number | null;
    /** The devices that have one of these sets */
    sets: string[] | null;
    /** null: it is not open */
    opened_at: string | null;
    /** How many devices are in it */
    devices: number;
    /** The ring is open for them */
    reached: number;
    /** They have it */
    succeeded: number;
    /** They refused it, or it cannot be delivered */
    failed: number;
    /** They have not answered within the hours of the plan */
    silent: number;
    /** They may still answer */
    waiting: number;
    /** It is nothing for them; they do not count */
    not_applicable: number;
  };
  Rollout: {
    id: string;
    /** What changes */
    kind: "profile" | "declaration" | "set" | "policy";
    /** Its identifier or name */
    subject: string;
    state: "running" | "halted" | "finished" | "cancelled" | "replaced";
    /** Why it halted */
    reason: string | null;
    /** The last open ring; 0: its devices are still being counted */
    ring: number;
    rings: Schemas["RolloutRing"][];
    /** When the next ring opens at the earliest */
    next_ring_at: string | null;
    /** How old the numbers are */
    counted_at: string | null;
    plan: {
      hours: number;
      silent_hours: number;
      max_failed_percent: number;
      max_silent_percent: number;
    };
    created_at: string;
    /** The id of a token */
    created_by: string;
    ended_at: string | null;
    /** The id of a token, or `rollouts`: it ended by itself */
    ended_by: string | null;
  };
  RolloutPage: {
    items: Schemas["Rollout"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  RolloutChange: {
    kind: "profile" | "declaration";
    identifier: string;
    /** What is different for a device */
    change: "version" | "added" | "removed";
    /** The set whose content changes */
    set: string | null;
    version: number | null;
    former_version: number | null;
  };
  RolloutDetail: {
    id: string;
    /** What changes */
    kind: "profile" | "declaration" | "set" | "policy";
    /** Its identifier or name */
    subject: string;
    state: "running" | "halted" | "finished" | "cancelled" | "replaced";
    /** Why it halted */
    reason: string | null;
    /** The last open ring; 0: its devices are still being counted */
    ring: number;
    rings: Schemas["RolloutRing"][];
    /** When the next ring opens at the earliest */
    next_ring_at: string | null;
    /** How old the numbers are */
    counted_at: string | null;
    plan: {
      hours: number;
      silent_hours: number;
      max_failed_percent: number;
      max_silent_percent: number;
    };
    created_at: string;
    /** The id of a token */
    created_by: string;
    ended_at: string | null;
    /** The id of a token, or `rollouts`: it ended by itself */
    ended_by: string | null;
    changes: Schemas["RolloutChange"][];
  };
  SelftestFinding: {
    probe: string;
    request: string;
    /** `ours`, or who else answered, such as `challenged` */
    outcome: string;
    detail: string;
    /** What to do; null: nothing is wrong */
    remedy: string | null;
  };
  Selftest: {
    address: string;
    tested_at: string;
    devices_reach_us: boolean;
    findings: Schemas["SelftestFinding"][];
  };
  Set: {
    name: string;
    description: string;
    profiles: string[];
    declarations: string[];
    apps: string[];
    /** What a channel with the set gets only if it is chosen there */
    optional: {
      profiles: string[];
      declarations: string[];
      apps: string[];
    };
    filter: Record<string, string | boolean> | null;
    activate: boolean;
    predicate: string | null;
    /** How devices with the set are called */
    device_name: string | null;
    /** The server's own activation of the set's configurations, by its identifier */
    activation: string | null;
    /** What software-update policies put here. It is deleted with its policy; PUT does not change it */
    by_policy: {
      policy: string;
      declarations: string[];
    }[];
    created_at: string;
    updated_at: string;
  };
  SetPage: {
    items: Schemas["Set"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  /** What a channel with the set gets only if it is chosen there. What one of its sets requires, it gets in any case */
  SetOffers: {
    /** Identifiers of the profile library */
    profiles?: string[] | undefined;
    /** Identifiers of configurations */
    declarations?: string[] | undefined;
    /** Names of the library of apps */
    apps?: string[] | undefined;
  };
  NewSet: {
    description?: string | undefined;
    /** Identifiers of the profile library */
    profiles?: string[] | undefined;
    /** Identifiers of declarations */
    declarations?: string[] | undefined;
    /** Names of the library of apps: only devices get them, not their users */
    apps?: string[] | undefined;
    optional?: Schemas["SetOffers"] | undefined;
    /** Enrolled devices have the set on their device channel for as long as they match; null: only channels that were given the set have it */
    filter?: {
      kind?: "device" | "ade" | "account_device" | "user" | undefined;
      platform?: "ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos" | undefined;
      /** This OS version; 17 is 17.0.0 */
      os?: string | undefined;
      /** This OS version or a later one */
      os_min?: string | undefined;
      /** This OS version or an earlier one; 17 is 17.0.0 */
      os_max?: string | undefined;
      /** The complete serial number */
      serial?: string | undefined;
      /** The complete short name of a user who has a channel */
      user?: string | undefined;
      /** The id of the person that it belongs to */
      person?: string | undefined;
      /** The department of the person that it belongs to, in whatever case */
      user_department?: string | undefined;
      /** A tag, whole */
      tag?: string | undefined;
      /** An attribute set by administrators, as `name:value` */
      attribute?: string | undefined;
      /** An attribute, as `name:value`: this number or more, or this day or later, such as 2026-01-31 */
      attribute_min?: string | undefined;
      /** An attribute, as `name:value`: this number or less, or this day or earlier, such as 2026-01-31 */
      attribute_max?: string | undefined;
      /** Whether it is supervised, according to its last report */
      supervised?: boolean | undefined;
      /** Whether its storage is encrypted: FileVault, or hardware encryption with a passcode, according to its last report */
      encrypted?: boolean | undefined;
      /** Whether it has a passcode, according to its last report */
      passcode_present?: boolean | undefined;
      /** Whether its passcode complies with its profiles, according to its last report */
      passcode_compliant?: boolean | undefined;
      /** Whether Activation Lock is on, according to its last report */
      activation_lock?: boolean | undefined;
      /** Whether it is in managed Lost Mode, according to its last report */
      lost_mode?: boolean | undefined;
    } | null | undefined;
    /** The server makes the activation for the configurations in the list and keeps it up to date */
    activate?: boolean | undefined;
    predicate?: string | null | undefined;
    /** The plan in whose rings devices get the change, by its name in the setting `rollout_plans`; `none`: all at once. Unless set, a change of what a device needs to reach the server goes by the setting `connectivity_rollout`, and everything else at once */
    rollout?: string | undefined;
    device_name?: string | null | undefined;
  };
  SavedSet: {
    name: string;
    description: string;
    profiles: string[];
    declarations: string[];
    apps: string[];
    /** What a channel with the set gets only if it is chosen there */
    optional: {
      profiles: string[];
      declarations: string[];
      apps: string[];
    };
    filter: Record<string, string | boolean> | null;
    activate: boolean;
    predicate: string | null;
    /** How devices with the set are called */
    device_name: string | null;
    /** The server's own activation of the set's configurations, by its identifier */
    activation: string | null;
    /** What software-update policies put here. It is deleted with its policy; PUT does not change it */
    by_policy: {
      policy: string;
      declarations: string[];
    }[];
    created_at: string;
    updated_at: string;
    warnings: {
      code: string;
      detail: string;
    }[];
    /** The id of the rollout that brings it to devices ring by ring; null: they get it at once */
    rollout: string | null;
  };
  SetHolder: {
    device_id: string;
    /** The name of the device */
    name: string | null;
    serial: string | null;
    /** The user's id; null: the device channel */
    channel: string | null;
    /** By somebody */
    given: boolean;
    /** Because the filter matches */
    by_rule: boolean;
  };
  SetHolderPage: {
    items: Schemas["SetHolder"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  HoldersChange: {
    /** Channels that get the set: `<device id>` or `<device id>:<user id>` */
    give?: string[] | undefined;
    /** Channels that lose the set; a channel that has it by the filter keeps it */
    take?: string[] | undefined;
  };
  HoldersChanged: {
    /** Unknown channels, which were ignored */
    unknown: string[];
  };
  Settings: {
    /** The name people read on enrollment pages and in profiles */
    organization?: string | undefined;
    /** The address that people may write to; devices with declarations get it */
    organization_email?: string | null | undefined;
    /** The number that people may call with questions about their device */
    organization_phone?: string | null | undefined;
    /** The organization's own page; devices with declarations get it */
    organization_url?: string | null | undefined;
    /** The color of buttons on the pages for people; their text is black or white, as it reads best */
    organization_color?: string | null | undefined;
    /** The picture on the pages for people: an https address, or a data URL of a PNG, JPEG, GIF, WebP or SVG picture of at most 48 KiB */
    organization_logo?: string | null | undefined;
    /** How long an issued device identity is valid, in days */
    identity_validity_days?: number | undefined;
    /** How many days before its end an identity is renewed */
    identity_renewal_days?: number | undefined;
    /** How many days an expired identity may still fetch its renewal, and nothing else */
    identity_grace_days?: number | undefined;
    /** How many days the old identity is accepted after the first use of the new one */
    identity_overlap_days?: number | undefined;
    /** How many renewals a day a device's identity may request by itself (SCEP RenewalReq); Apple devices never do */
    renewal_requests_per_day?: number | undefined;
    /** Whether an enrollment that does not name a device may replace the enrollment of that device */
    allow_replacement?: boolean | undefined;
    /** What happens to a device that enrolls with the serial number of another enrolled device; `flag`: both stay enrolled, and the number belongs only to the first */
    serial_conflict?: "refuse" | "flag" | undefined;
    /** Whether sets and batches that name a serial number or a user also reach devices that only claim it without proof */
    trust_reported_identifiers?: boolean | undefined;
    /** How many users of one device are managed; more are refused */
    user_channels_per_device?: number | undefined;
    /** The answer to a device that is not enrolled here; `unenroll` makes it remove its profile */
    unknown_device?: "refuse" | "unenroll" | undefined;
    /** The answer to a user channel that asks to be managed; `empty-challenge` accepts it */
    user_authenticate?: "decline" | "empty-challenge" | undefined;
    /** A SCEP challenge that may be used any number of times; null: only one-time challenges */
    static_challenge?: string | null | undefined;
    /** How many finished commands a device keeps with their results */
    finished_commands_kept?: number | undefined;
    /** How many days a device keeps a finished command */
    finished_commands_days?: number | undefined;
    /** After how many days an unanswered command expires; null: never */
    command_expiry_days?: number | null | undefined;
    /** How long a batch with a command that cannot be undone waits before the first command is given, in minutes */
    destructive_hold_minutes?: number | undefined;
    /** How many devices all such batches together may reach in an hour */
    destructive_targets_per_hour?: number | undefined;
    /** Whether the APIs of other tools may send a command that cannot be undone to several devices in one call, although nobody can confirm the number */
    compat_destructive?: boolean | undefined;
    /** Whether `PUT /migration` takes over the devices of a NanoMDM server; to be switched off when they are here */
    migration?: boolean | undefined;
    /** Whether a device in return-to-service mode erases itself and enrolls again automatically */
    return_to_service?: boolean | undefined;
    /** The Wi-Fi profile for Return to Service, base64; null: the device has Ethernet */
    return_to_service_wifi_profile?: string | null | undefined;
    /** How many seconds without a push the connection to Apple stays open */
    push_idle_seconds?: number | undefined;
    /** How often a device is asked for its inventory, in hours; 0: never */
    inventory_interval_hours?: number | undefined;
    /** A device is asked for its lists once in this number of rounds; in the others only for its facts */
    inventory_lists_every?: number | undefined;
    /** Whether a device is asked for its inventory as soon as it is enrolled */
    inventory_at_enrollment?: boolean | undefined;
    /** The age in days of an attestation by Apple at which a device is asked for a new one; Apple wants 7 at least; 0: never */
    attestation_interval_days?: number | undefined;
    /** Certificates besides identities, such as for a Wi-Fi network, that assets of the type com.apple.asset.credential.acme may ask for: who gets them, for which key, with which names, and for how long */
    certificate_uses?: {
      name: string;
      attestation?: "required" | "preferred" | "off" | undefined;
      key?: "P-256" | "P-384" | "RSA-2048" | undefined;
      validity_days?: number | undefined;
      renewal_days?: number | undefined;
      common_name?: string | undefined;
      subject_alt_name?: {
        rfc822Name?: string | undefined;
        dNSName?: string | undefined;
        uniformResourceIdentifier?: string | undefined;
        ntPrincipalName?: string | undefined;
      } | undefined;
      tags?: string[] | null | undefined;
      authority?: string | null | undefined;
    }[] | undefined;
    /** Which channels get the server's own declarations (organization, capabilities, tags and attributes as properties): none, those with other declarations, or all */
    provided_declarations?: "none" | "with_others" | "everywhere" | undefined;
    /** Apple's passcode settings, declared on every device; null: none */
    passcode_policy?: {
      RequirePasscode?: boolean | undefined;
      RequireAlphanumericPasscode?: boolean | undefined;
      RequireComplexPasscode?: boolean | undefined;
      MinimumLength?: number | undefined;
      MinimumComplexCharacters?: number | undefined;
      MaximumFailedAttempts?: number | undefined;
      FailedAttemptsResetInMinutes?: number | undefined;
      MaximumGracePeriodInMinutes?: number | undefined;
      MaximumInactivityInMinutes?: number | undefined;
      MaximumPasscodeAgeInDays?: number | undefined;
      PasscodeReuseLimit?: number | undefined;
      ChangeAtNextAuth?: boolean | undefined;
    } | null | undefined;
    /** How changes reach devices ring by ring, by name */
    rollout_plans?: {
      name: string;
      /** The first rings; all other devices are the last one */
      rings: ({
        /** A share of all devices that the change concerns, the earlier rings included */
        percent: number;
      } | {
        /** The devices that have one of these sets */
        sets: string[];
      })[];
      /** From the opening of one ring to the next, in hours */
      hours?: number | undefined;
      silent_hours?: number | null | undefined;
      /** The rollout halts when more devices of a ring fail */
      max_failed_percent?: number | undefined;
      /** The rollout halts when more devices of a ring are silent */
      max_silent_percent?: number | undefined;
    }[] | undefined;
    /** The plan for changes of what a device needs to reach the server (Wi-Fi, VPN, filters), unless the change names another; null: none */
    connectivity_rollout?: string | null | undefined;
    /** What becomes of a device at the address of automated enrollment that no account of Apple's portal has, even after these were asked */
    ade_unknown_device?: "refuse" | "enroll" | undefined;
    /** The system that a device must have to enroll automatically, by platform and account; it is asked to update first, if a release at least as new is known */
    ade_minimum_versions?: {
      account?: string | undefined;
      platform: "ios" | "ipados" | "macos" | "visionos";
      version: string;
    }[] | undefined;
    /** Where Macs that can find their sign-in before automated enrollment (macOS 26, Platform SSO); null: none */
    ade_platform_sso?: {
      ProfileURL: string;
      AuthURL: string;
      Package: {
        ManifestURL: string;
        PinningCerts?: string[] | undefined;
        PinningRevocationCheckRequired?: boolean | undefined;
      };
    } | null | undefined;
    /** Whether an Apple Watch enrolls only if the managed phone that it is paired with speaks for it */
    ade_watch_pairing?: boolean | undefined;
    /** For how many minutes at most a device that awaits configuration is held in Setup Assistant */
    setup_minutes?: number | undefined;
    /** For how many minutes one step of that may hold it */
    setup_step_minutes?: number | undefined;
    /** The accounts that Macs are set up with; `administrator` gets a password of its own on each Mac, which is escrowed as managed-admin; null: Setup Assistant asks as usual */
    setup_accounts?: {
      SkipPrimarySetupAccountCreation?: boolean | undefined;
      SetPrimarySetupAccountAsRegularUser?: boolean | undefined;
      DontAutoPopulatePrimaryAccountInfo?: boolean | undefined;
      LockPrimaryAccountInfo?: boolean | undefined;
      PrimaryAccountFullName?: string | undefined;
      PrimaryAccountUserName?: string | undefined;
      ManagedLocalUserShortName?: string | undefined;
      administrator?: {
        shortName: string;
        fullName?: string | undefined;
        hidden?: boolean | undefined;
      } | undefined;
    } | null | undefined;
    /** Whether Macs get a recovery lock as they are set up, with a password of their own, in escrow */
    setup_recovery_lock?: boolean | undefined;
    /** How many hours after somebody has read a Mac's FileVault key, recovery lock or managed administrator's password the Mac gets another one; 0: never */
    escrow_rotation_hours?: number | undefined;
    /** Whether an escrowed secret is shown only to those who say why they read it (`reason`) */
    escrow_reason_required?: boolean | undefined;
    /** The status items that channels with declarations report, besides those in their predicates, if they support them; null: those that inventory and software updates need */
    status_items?: string[] | null | undefined;
    /** After how many days without a message a device becomes a problem; 0: never */
    problem_silent_days?: number | undefined;
    /** After how many days waiting commands become a problem, on a device that connects */
    problem_queue_days?: number | undefined;
    /** After how many days a missing backup becomes a problem; 0: never */
    problem_backup_days?: number | undefined;
    /** How large the database may become, in MB: 10000 with a paid plan of Cloudflare, 500 without; from 50 % on it is a problem */
    platform_database_mb?: number | undefined;
    /** The Cloudflare account whose daily use is compared to the limits of the Free plan */
    cloudflare_account_id?: string | null | undefined;
    /** Reads that use, with the permission Account Analytics: Read alone; null: it is not read */
    cloudflare_api_token?: string | null | undefined;
    /** Where to ask once a day for the newest release, as JSON with `tag_name` or `version`; null: nowhere */
    release_url?: string | null | undefined;
    /** The key in the address of the calendar of problems, `/api/v1/problems.ics?key=`; null: the calendar is closed */
    calendar_key?: string | null | undefined;
    free_licences_after_days?: number | null | undefined;
    /** The service tokens that Cloudflare asks `/api/v1/posture` with, as `client_id` and `client_secret`, two at most; null: nobody may ask */
    posture_callers?: {
      client_id: string;
      client_secret: string;
    }[] | null | undefined;
    /** The Access application in front of `/api/v1/posture`, as `issuer` and `audience`; null: there is none */
    posture_access?: {
      issuer: string;
      audience: string;
    } | null | undefined;
    /** The points of each part of a device's posture, 100 together; `seen_days` is how recent its last message must be */
    posture_policy?: {
      enrolled: number;
      seen: number;
      encrypted: number;
      passcode: number;
      os: number;
      attested: number;
      seen_days: number;
    } | undefined;
    /** The address that mail is from, which the platform must know; null: no mail is sent */
    mail_from?: string | null | undefined;
    /** Who gets messages about problems */
    mail_to?: string[] | undefined;
    /** The language of mail */
    mail_language?: "en" | "de" | "fr" | "es" | "ja" | undefined;
    /** The hour (UTC) after which the list of problems is sent each day; null: never */
    mail_digest_hour?: number | null | undefined;
    /** How many days events and the headers of finished commands stay listed */
    events_days?: number | undefined;
    /** How many days the audit log is kept */
    audit_days?: number | undefined;
  };
  SettingsPatch: {
    /** The name people read on enrollment pages and in profiles */
    organization?: string | undefined;
    /** The address that people may write to; devices with declarations get it */
    organization_email?: string | null | undefined;
    /** The number that people may call with questions about their device */
    organization_phone?: string | null | undefined;
    /** The organization's own page; devices with declarations get it */
    organization_url?: string | null | undefined;
    /** The color of buttons on the pages for people; their text is black or white, as it reads best */
    organization_color?: string | null | undefined;
    /** The picture on the pages for people: an https address, or a data URL of a PNG, JPEG, GIF, WebP or SVG picture of at most 48 KiB */
    organization_logo?: string | null | undefined;
    /** How long an issued device identity is valid, in days */
    identity_validity_days?: number | undefined;
    /** How many days before its end an identity is renewed */
    identity_renewal_days?: number | undefined;
    /** How many days an expired identity may still fetch its renewal, and nothing else */
    identity_grace_days?: number | undefined;
    /** How many days the old identity is accepted after the first use of the new one */
    identity_overlap_days?: number | undefined;
    /** How many renewals a day a device's identity may request by itself (SCEP RenewalReq); Apple devices never do */
    renewal_requests_per_day?: number | undefined;
    /** Whether an enrollment that does not name a device may replace the enrollment of that device */
    allow_replacement?: boolean | undefined;
    /** What happens to a device that enrolls with the serial number of another enrolled device; `flag`: both stay enrolled, and the number belongs only to the first */
    serial_conflict?: "refuse" | "flag" | undefined;
    /** Whether sets and batches that name a serial number or a user also reach devices that only claim it without proof */
    trust_reported_identifiers?: boolean | undefined;
    /** How many users of one device are managed; more are refused */
    user_channels_per_device?: number | undefined;
    /** The answer to a device that is not enrolled here; `unenroll` makes it remove its profile */
    unknown_device?: "refuse" | "unenroll" | undefined;
    /** The answer to a user channel that asks to be managed; `empty-challenge` accepts it */
    user_authenticate?: "decline" | "empty-challenge" | undefined;
    static_challenge?: "********" | string | null | undefined;
    /** How many finished commands a device keeps with their results */
    finished_commands_kept?: number | undefined;
    /** How many days a device keeps a finished command */
    finished_commands_days?: number | undefined;
    /** After how many days an unanswered command expires; null: never */
    command_expiry_days?: number | null | undefined;
    /** How long a batch with a command that cannot be undone waits before the first command is given, in minutes */
    destructive_hold_minutes?: number | undefined;
    /** How many devices all such batches together may reach in an hour */
    destructive_targets_per_hour?: number | undefined;
    /** Whether the APIs of other tools may send a command that cannot be undone to several devices in one call, although nobody can confirm the number */
    compat_destructive?: boolean | undefined;
    /** Whether `PUT /migration` takes over the devices of a NanoMDM server; to be switched off when they are here */
    migration?: boolean | undefined;
    /** Whether a device in return-to-service mode erases itself and enrolls again automatically */
    return_to_service?: boolean | undefined;
    return_to_service_wifi_profile?: "********" | string | null | undefined;
    /** How many seconds without a push the connection to Apple stays open */
    push_idle_seconds?: number | undefined;
    /** How often a device is asked for its inventory, in hours; 0: never */
    inventory_interval_hours?: number | undefined;
    /** A device is asked for its lists once in this number of rounds; in the others only for its facts */
    inventory_lists_every?: number | undefined;
    /** Whether a device is asked for its inventory as soon as it is enrolled */
    inventory_at_enrollment?: boolean | undefined;
    /** The age in days of an attestation by Apple at which a device is asked for a new one; Apple wants 7 at least; 0: never */
    attestation_interval_days?: number | undefined;
    /** Certificates besides identities, such as for a Wi-Fi network, that assets of the type com.apple.asset.credential.acme may ask for: who gets them, for which key, with which names, and for how long */
    certificate_uses?: {
      name: string;
      attestation?: "required" | "preferred" | "off" | undefined;
      key?: "P-256" | "P-384" | "RSA-2048" | undefined;
      validity_days?: number | undefined;
      renewal_days?: number | undefined;
      common_name?: string | undefined;
      subject_alt_name?: {
        rfc822Name?: string | undefined;
        dNSName?: string | undefined;
        uniformResourceIdentifier?: string | undefined;
        ntPrincipalName?: string | undefined;
      } | undefined;
      tags?: string[] | null | undefined;
      authority?: string | null | undefined;
    }[] | undefined;
    /** Which channels get the server's own declarations (organization, capabilities, tags and attributes as properties): none, those with other declarations, or all */
    provided_declarations?: "none" | "with_others" | "everywhere" | undefined;
    /** Apple's passcode settings, declared on every device; null: none */
    passcode_policy?: {
      RequirePasscode?: boolean | undefined;
      RequireAlphanumericPasscode?: boolean | undefined;
      RequireComplexPasscode?: boolean | undefined;
      MinimumLength?: number | undefined;
      MinimumComplexCharacters?: number | undefined;
      MaximumFailedAttempts?: number | undefined;
      FailedAttemptsResetInMinutes?: number | undefined;
      MaximumGracePeriodInMinutes?: number | undefined;
      MaximumInactivityInMinutes?: number | undefined;
      MaximumPasscodeAgeInDays?: number | undefined;
      PasscodeReuseLimit?: number | undefined;
      ChangeAtNextAuth?: boolean | undefined;
    } | null | undefined;
    /** How changes reach devices ring by ring, by name */
    rollout_plans?: {
      name: string;
      /** The first rings; all other devices are the last one */
      rings: ({
        /** A share of all devices that the change concerns, the earlier rings included */
        percent: number;
      } | {
        /** The devices that have one of these sets */
        sets: string[];
      })[];
      /** From the opening of one ring to the next, in hours */
      hours?: number | undefined;
      silent_hours?: number | null | undefined;
      /** The rollout halts when more devices of a ring fail */
      max_failed_percent?: number | undefined;
      /** The rollout halts when more devices of a ring are silent */
      max_silent_percent?: number | undefined;
    }[] | undefined;
    /** The plan for changes of what a device needs to reach the server (Wi-Fi, VPN, filters), unless the change names another; null: none */
    connectivity_rollout?: string | null | undefined;
    /** What becomes of a device at the address of automated enrollment that no account of Apple's portal has, even after these were asked */
    ade_unknown_device?: "refuse" | "enroll" | undefined;
    /** The system that a device must have to enroll automatically, by platform and account; it is asked to update first, if a release at least as new is known */
    ade_minimum_versions?: {
      account?: string | undefined;
      platform: "ios" | "ipados" | "macos" | "visionos";
      version: string;
    }[] | undefined;
    /** Where Macs that can find their sign-in before automated enrollment (macOS 26, Platform SSO); null: none */
    ade_platform_sso?: {
      ProfileURL: string;
      AuthURL: string;
      Package: {
        ManifestURL: string;
        PinningCerts?: string[] | undefined;
        PinningRevocationCheckRequired?: boolean | undefined;
      };
    } | null | undefined;
    /** Whether an Apple Watch enrolls only if the managed phone that it is paired with speaks for it */
    ade_watch_pairing?: boolean | undefined;
    /** For how many minutes at most a device that awaits configuration is held in Setup Assistant */
    setup_minutes?: number | undefined;
    /** For how many minutes one step of that may hold it */
    setup_step_minutes?: number | undefined;
    /** The accounts that Macs are set up with; `administrator` gets a password of its own on each Mac, which is escrowed as managed-admin; null: Setup Assistant asks as usual */
    setup_accounts?: {
      SkipPrimarySetupAccountCreation?: boolean | undefined;
      SetPrimarySetupAccountAsRegularUser?: boolean | undefined;
      DontAutoPopulatePrimaryAccountInfo?: boolean | undefined;
      LockPrimaryAccountInfo?: boolean | undefined;
      PrimaryAccountFullName?: string | undefined;
      PrimaryAccountUserName?: string | undefined;
      ManagedLocalUserShortName?: string | undefined;
      administrator?: {
        shortName: string;
        fullName?: string | undefined;
        hidden?: boolean | undefined;
      } | undefined;
    } | null | undefined;
    /** Whether Macs get a recovery lock as they are set up, with a password of their own, in escrow */
    setup_recovery_lock?: boolean | undefined;
    /** How many hours after somebody has read a Mac's FileVault key, recovery lock or managed administrator's password the Mac gets another one; 0: never */
    escrow_rotation_hours?: number | undefined;
    /** Whether an escrowed secret is shown only to those who say why they read it (`reason`) */
    escrow_reason_required?: boolean | undefined;
    /** The status items that channels with declarations report, besides those in their predicates, if they support them; null: those that inventory and software updates need */
    status_items?: string[] | null | undefined;
    /** After how many days without a message a device becomes a problem; 0: never */
    problem_silent_days?: number | undefined;
    /** After how many days waiting commands become a problem, on a device that connects */
    problem_queue_days?: number | undefined;
    /** After how many days a missing backup becomes a problem; 0: never */
    problem_backup_days?: number | undefined;
    /** How large the database may become, in MB: 10000 with a paid plan of Cloudflare, 500 without; from 50 % on it is a problem */
    platform_database_mb?: number | undefined;
    /** The Cloudflare account whose daily use is compared to the limits of the Free plan */
    cloudflare_account_id?: string | null | undefined;
    cloudflare_api_token?: "********" | string | null | undefined;
    /** Where to ask once a day for the newest release, as JSON with `tag_name` or `version`; null: nowhere */
    release_url?: string | null | undefined;
    calendar_key?: "********" | string | null | undefined;
    free_licences_after_days?: number | null | undefined;
    posture_callers?: "********" | {
      client_id: string;
      client_secret: string;
    }[] | null | undefined;
    /** The Access application in front of `/api/v1/posture`, as `issuer` and `audience`; null: there is none */
    posture_access?: {
      issuer: string;
      audience: string;
    } | null | undefined;
    /** The points of each part of a device's posture, 100 together; `seen_days` is how recent its last message must be */
    posture_policy?: {
      enrolled: number;
      seen: number;
      encrypted: number;
      passcode: number;
      os: number;
      attested: number;
      seen_days: number;
    } | undefined;
    /** The address that mail is from, which the platform must know; null: no mail is sent */
    mail_from?: string | null | undefined;
    /** Who gets messages about problems */
    mail_to?: string[] | undefined;
    /** The language of mail */
    mail_language?: "en" | "de" | "fr" | "es" | "ja" | undefined;
    /** The hour (UTC) after which the list of problems is sent each day; null: never */
    mail_digest_hour?: number | null | undefined;
    /** How many days events and the headers of finished commands stay listed */
    events_days?: number | undefined;
    /** How many days the audit log is kept */
    audit_days?: number | undefined;
  };
  Session: {
    /** The id of the token, or of the person at Cloudflare Access */
    id: string;
    /** What the audit log calls the caller */
    name: string;
    /** deployment: ADMIN_TOKEN; token: a lasting token; sign-in: a person; exchange: a program with a token of another issuer; access: a person, by Cloudflare Access in front of this API */
    by: "deployment" | "token" | "sign-in" | "exchange" | "access";
    role: "viewer" | "helpdesk" | "operator" | "admin";
    /** In addition to the role */
    rights: ("erase" | "read-escrow" | "disown")[];
    expires_at: string | null;
  };
  SignedOut: {
    /** Where a browser ends the session at the provider, too; null: the provider has no such address */
    provider_sign_out: string | null;
  };
  AdministratorSignIn: {
    kind: "oidc" | "access";
    issuer: string;
    client_id: string;
    client_auth?: "client_secret_basic" | "client_secret_post" | "none" | undefined;
    /** Masked; null: there is none */
    client_secret: string | null;
    scopes?: string[] | undefined;
    prompt?: "login" | "select_account" | "consent" | null | undefined;
    clock_skew_seconds: number;
    /** To be registered at the provider */
    redirect_uri: string;
    groups_claim: string;
    require_verified_email: boolean;
    session_hours: number;
    rules: {
      email?: string | undefined;
      email_domain?: string | undefined;
      group?: string | undefined;
      role: "viewer" | "helpdesk" | "operator" | "admin";
      rights: ("erase" | "read-escrow" | "disown")[];
    }[];
  };
  NewAdministratorsByOidc: {
    kind: "oidc";
    /** Exactly as the provider's discovery document spells it */
    issuer: string;
    /** As the provider registered this server */
    client_id: string;
    /** How the secret is presented; `none`: by PKCE alone */
    client_auth?: "client_secret_basic" | "client_secret_post" | "none" | undefined;
    scopes?: string[] | undefined;
    /** What the provider always asks; null: as it likes */
    prompt?: "login" | "select_account" | "consent" | null | undefined;
    /** How much the provider's clock may differ from ours */
    clock_skew_seconds?: number | undefined;
    /** The claim that lists the person's groups; dots lead into objects, such as `custom.groups` */
    groups_claim?: string | undefined;
    /** Whether an address counts only if the provider calls it verified; false is for a provider that says nothing of it and keeps the addresses itself */
    require_verified_email?: boolean | undefined;
    /** How long a browser stays signed in */
    session_hours?: number | undefined;
    /** Of all rules that fit a person the greatest role counts, and the rights of all */
    rules: ({
      email: string;
      role: "viewer" | "helpdesk" | "operator" | "admin";
      /** In addition to the role */
      rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    } | {
      email_domain: string;
      role: "viewer" | "helpdesk" | "operator" | "admin";
      /** In addition to the role */
      rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    } | {
      group: string;
      role: "viewer" | "helpdesk" | "operator" | "admin";
      /** In addition to the role */
      rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    })[];
    /** Never shown again; left out: the one that is stored stays */
    client_secret?: string | undefined;
  };
  NewAdministratorsByAccess: {
    kind: "access";
    /** `https://<team>.cloudflareaccess.com` */
    issuer: string;
    /** The audience tag (AUD) of the Access application that covers /api/v1 and /sign-in/admin */
    client_id: string;
    /** How much the provider's clock may differ from ours */
    clock_skew_seconds?: number | undefined;
    /** The claim that lists the person's groups; dots lead into objects, such as `custom.groups` */
    groups_claim?: string | undefined;
    /** Whether an address counts only if the provider calls it verified; false is for a provider that says nothing of it and keeps the addresses itself */
    require_verified_email?: boolean | undefined;
    /** How long a browser stays signed in */
    session_hours?: number | undefined;
    /** Of all rules that fit a person the greatest role counts, and the rights of all */
    rules: ({
      email: string;
      role: "viewer" | "helpdesk" | "operator" | "admin";
      /** In addition to the role */
      rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    } | {
      email_domain: string;
      role: "viewer" | "helpdesk" | "operator" | "admin";
      /** In addition to the role */
      rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    } | {
      group: string;
      role: "viewer" | "helpdesk" | "operator" | "admin";
      /** In addition to the role */
      rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    })[];
  };
  NewAdministratorSignIn: Schemas["NewAdministratorsByOidc"] | Schemas["NewAdministratorsByAccess"];
  SignInProvider: {
    kind: "oidc" | "access";
    issuer: string;
    client_id: string;
    client_auth?: "client_secret_basic" | "client_secret_post" | "none" | undefined;
    /** Masked; null: there is none */
    client_secret: string | null;
    scopes?: string[] | undefined;
    prompt?: "login" | "select_account" | "consent" | null | undefined;
    clock_skew_seconds: number;
    /** To be registered at the provider */
    redirect_uri: string;
    account_claim: string;
    account_domain: string | null;
    allowed_domains: string[];
    require_verified_email: boolean;
    session_hours: number;
    /** To be registered there as where people go after signing out */
    logout_uri: string;
  };
  NewSignInProvider: {
    kind: "oidc";
    /** Exactly as the provider's discovery document spells it */
    issuer: string;
    /** As the provider registered this server */
    client_id: string;
    /** How the secret is presented; `none`: by PKCE alone */
    client_auth?: "client_secret_basic" | "client_secret_post" | "none" | undefined;
    scopes?: string[] | undefined;
    /** What the provider always asks; null: as it likes */
    prompt?: "login" | "select_account" | "consent" | null | undefined;
    /** How much the provider's clock may differ from ours */
    clock_skew_seconds?: number | undefined;
    /** The claim that names the person by an address, such as `email` or `preferred_username` */
    account_claim?: string | undefined;
    /** The domain of the Managed Apple Accounts, where it is another than the claim's */
    account_domain?: string | null | undefined;
    /** Whose people may sign in, by the claim's domain; empty: all that the provider knows */
    allowed_domains?: string[] | undefined;
    /** Refuses addresses that the provider calls unverified */
    require_verified_email?: boolean | undefined;
    /** How long a browser stays signed in */
    session_hours?: number | undefined;
    /** Never shown again; left out: the one that is stored stays */
    client_secret?: string | undefined;
  } | {
    kind: "access";
    /** `https://<team>.cloudflareaccess.com` */
    issuer: string;
    /** The audience tag (AUD) of the Access application that covers /sign-in/access */
    client_id: string;
    /** How much the provider's clock may differ from ours */
    clock_skew_seconds?: number | undefined;
    /** The claim that names the person by an address, such as `email` or `preferred_username` */
    account_claim?: string | undefined;
    /** The domain of the Managed Apple Accounts, where it is another than the claim's */
    account_domain?: string | null | undefined;
    /** Whose people may sign in, by the claim's domain; empty: all that the provider knows */
    allowed_domains?: string[] | undefined;
    /** Refuses addresses that the provider calls unverified */
    require_verified_email?: boolean | undefined;
    /** How long a browser stays signed in */
    session_hours?: number | undefined;
  };
  SigningCertificate: {
    id: string;
    /** Profiles are signed with it */
    in_use: boolean;
    subject: string;
    /** SHA-256 of the certificate, in hex */
    fingerprint: string;
    /** PEM */
    certificate: string;
    /** PEM of the certificates above it, nearest first */
    chain: string[];
    not_before: string;
    not_after: string;
    days_left: number;
    uploaded_at: string;
  };
  NewSigningCertificate: {
    /** PEM; further certificates in it are its chain */
    certificate?: string | undefined;
    /** PEM: PKCS#8, PKCS#1 or SEC 1, encrypted or not */
    private_key?: string | undefined;
    /** Instead of both: a PKCS#12 file, base64 */
    pkcs12?: string | undefined;
    /** The password of the key or the file */
    password?: string | undefined;
  };
  SoftwareUpdatePolicy: {
    name: string;
    platforms: ("ios" | "ipados" | "macos" | "tvos" | "visionos")[];
    target: {
      kind: "version";
      version: string;
      build?: string | undefined;
      /** On each device's own clock */
      deadline: string;
    } | {
      kind: "latest";
      days_after_release: number;
      /** On each device's own clock */
      local_time?: string | undefined;
    };
    details_url: string | null;
    sets: string[];
    /** The plan in whose rings devices get a new target */
    rollout: string | null;
    /** The result for each platform, and the declarations that enforce it */
    enforces: {
      platform: "ios" | "ipados" | "macos" | "tvos" | "visionos";
      /** null: no release of it is known, or Apple does not sign the version any more */
      version: string | null;
      deadline: string | null;
      configuration: string;
      activation: string;
      /** Apple took the version from its list, and nothing is asked of devices */
      withdrawn: boolean;
      /** The models whose newest system it is, as Apple calls them for updates; null: all others */
      models: string[] | null;
    }[];
    /** nobody: none of its sets has a filter or was given to a channel */
    audience: "nobody" | "devices";
    warnings: {
      code: string;
      detail: string;
    }[];
    created_at: string;
    updated_at: string;
    updated_by: string;
  };
  SoftwareUpdatePolicyPage: {
    items: Schemas["SoftwareUpdatePolicy"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewSoftwareUpdatePolicy: {
    platforms?: ("ios" | "ipados" | "macos" | "tvos" | "visionos")[] | undefined;
    target: {
      kind: "version";
      version: string;
      build?: string | undefined;
      /** On each device's own clock */
      deadline: string;
    } | {
      kind: "latest";
      days_after_release: number;
      /** On each device's own clock */
      local_time?: string | undefined;
    };
    details_url?: string | null | undefined;
    /** The sets whose channels it applies to; if none, the server makes a set for it */
    sets?: string[] | undefined;
    /** The plan in whose rings devices get a new target, by its name in the setting `rollout_plans`; null: all at once */
    rollout?: string | null | undefined;
    /** Needed for a deadline in the past or more than two years ahead, or an unknown version: `<version> by <deadline>`, as the refusal says */
    confirm?: string | undefined;
  };
  SoftwareUpdateProgress: {
    device_id: string;
    name: string | null;
    platform: string | null;
    os_version: string | null;
    target_version: string | null;
    /** pending: the device has not reported yet; not_meant: the policy does not name its platform; unable: by Apple's list its model cannot run it */
    state: "done" | "downloading" | "prepared" | "installing" | "waiting" | "failed" | "pending" | "not_meant" | "unable";
    declaration_state: string | null;
  };
  AppleSystemsList: {
    /** null: it was never taken */
    taken_at: string | null;
    tried_at: string | null;
    /** It is older than two days; what was taken before still counts */
    stale: boolean;
    /** Why the last attempt brought nothing */
    trouble: string | null;
  };
  DeviceSystems: {
    device_id: string;
    /** As Apple calls it for updates; null: not known */
    model: string | null;
    os_version: string | null;
    /** The newest system for its model; null: Apple's list does not name it */
    latest: {
      version: string;
      released_on: string;
    } | null;
    /** Whether it can have the asked version, or a newer one; null: none was asked */
    can_run: "yes" | "no" | "unknown" | null;
  };
  OsRelease: {
    platform: "ios" | "ipados" | "macos" | "tvos" | "visionos";
    version: string;
    released_at: string;
    /** given: an administrator entered it; seen: the first time a device had it */
    source: "given" | "seen";
  };
  OsReleasePage: {
    items: Schemas["OsRelease"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewOsRelease: {
    /** When Apple released it */
    released_at: string;
  };
  StatusValueOnChannel: {
    device_id: string;
    /** A user channel; null: the device channel */
    channel: string | null;
    value: string | number | boolean | (string | number | boolean | Record<string, unknown>)[] | Record<string, unknown> | null;
    updated_at: string;
  };
  StatusValueOnChannelPage: {
    items: Schemas["StatusValueOnChannel"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  Summary: {
    /** When the devices were counted; null: the fleet is large, and the job `summary` has yet to count it */
    as_of: string | null;
    /** false: only the first devices were counted */
    complete: boolean;
    devices: {
      pending: number;
      enrolled: number;
      unenrolled: number;
      erased: number;
    };
    enrolled: {
      platforms: {
        ios: number;
        ipados: number;
        macos: number;
        tvos: number;
        visionos: number;
        watchos: number;
        unknown: number;
      };
      /** The most frequent first */
      systems: {
        platform: string;
        os_version: string;
        devices: number;
      }[];
      encrypted: {
        yes: number;
        no: number;
        unknown: number;
      };
      /** Not seen for more than so many days, or never */
      silent: {
        days_7: number;
        days_30: number;
        days_90: number;
      };
      /** With a profile, a declaration or an app that failed: see `failed` of the list of devices */
      failed: number;
    };
    push: {
      certificates: number;
      expired: number;
      /** null: there is no certificate that is still valid */
      next_expiry_at: string | null;
    };
  };
  ExchangedToken: {
    /** An API token; shown only here */
    access_token: string;
    issued_token_type: "urn:ietf:params:oauth:token-type:access_token";
    token_type: "Bearer";
    /** Seconds */
    expires_in: number;
  };
  TokenExchangeRule: {
    id: string;
    name: string;
    issuer: string;
    subject: string;
    claims: Record<string, string[]>;
    role: "viewer" | "helpdesk" | "operator" | "admin";
    rights: ("erase" | "read-escrow" | "disown")[];
    lifetime_minutes: number;
    created_at: string;
    updated_at: string;
    last_used_at: string | null;
  };
  NewTokenExchangeRule: {
    /** The audit log begins with it */
    name: string;
    /** Exactly as its tokens spell it; docs/sign-in.md has those of GitHub and GitLab */
    issuer: string;
    /** The token's `sub`, such as `repo:acme/devices:ref:refs/heads/main`; a `*` at the end, after : or /, is any rest */
    subject: string;
    /** Other claims that the token must have, each with this value or one of these */
    claims?: Record<string, string | string[]> | undefined;
    role: "viewer" | "helpdesk" | "operator" | "admin";
    /** In addition to the role */
    rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    /** How long the API token is good */
    lifetime_minutes?: number | undefined;
  };
  Token: {
    id: string;
    name: string;
    role: "viewer" | "helpdesk" | "operator" | "admin";
    /** In addition to the role */
    rights: ("erase" | "read-escrow" | "disown")[];
    /** token: made here; sign-in: of a person who signed in; exchange: of another issuer's token */
    kind: "token" | "sign-in" | "exchange";
    /** The beginning of the token, to recognise it */
    prefix: string;
    state: "active" | "expired" | "revoked";
    created_at: string;
    /** The id of the token that created it */
    created_by: string;
    expires_at: string | null;
    revoked_at: string | null;
    /** The token before the last rotation is also accepted until this time */
    previous_until: string | null;
    /** To the hour */
    last_used_at: string | null;
  };
  TokenPage: {
    items: Schemas["Token"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  NewToken: {
    /** Its name, which says what it is for */
    name: string;
    role: "viewer" | "helpdesk" | "operator" | "admin";
    rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    expires_at?: string | null | undefined;
  };
  CreatedToken: {
    id: string;
    name: string;
    role: "viewer" | "helpdesk" | "operator" | "admin";
    /** In addition to the role */
    rights: ("erase" | "read-escrow" | "disown")[];
    /** token: made here; sign-in: of a person who signed in; exchange: of another issuer's token */
    kind: "token" | "sign-in" | "exchange";
    /** The beginning of the token, to recognise it */
    prefix: string;
    state: "active" | "expired" | "revoked";
    created_at: string;
    /** The id of the token that created it */
    created_by: string;
    expires_at: string | null;
    revoked_at: string | null;
    /** The token before the last rotation is also accepted until this time */
    previous_until: string | null;
    /** To the hour */
    last_used_at: string | null;
    /** Shown only here */
    token: string;
  };
  TokenChange: {
    /** Its name, which says what it is for */
    name?: string | undefined;
    role?: "viewer" | "helpdesk" | "operator" | "admin" | undefined;
    rights?: ("erase" | "read-escrow" | "disown")[] | undefined;
    expires_at?: string | null | undefined;
  };
  TokenRotation: {
    /** How long the current token is accepted besides the new one */
    overlap_minutes?: number | undefined;
  };
  Usage: {
    /** false: nothing is known, and `trouble` says why */
    counted: boolean;
    /** Why Cloudflare's count could not be read */
    trouble: string | null;
    /** When Cloudflare was asked; an answer is kept for five minutes */
    as_of: string;
    /** From the first of this month until today */
    days: {
      /** In UTC */
      day: string;
      worker_requests: number;
      object_requests: number;
      object_rows_read: number;
      object_rows_written: number;
      database_rows_read: number;
      database_rows_written: number;
    }[];
  };
  Webhook: {
    id: string;
    name: string;
    style: "nanomdm" | "cloudevents" | "slack";
    /** The host of the address; the rest is shown only with the secrets */
    host: string;
    topics: string[];
    include_secrets: boolean;
    state: "active" | "paused";
    /** Why the server paused it */
    paused_reason: string | null;
    /** Since then the receiver has accepted nothing */
    failing_since: string | null;
    /** While it fails: the error of the last attempt */
    last_fault: string | null;
    /** Messages that were given up */
    dead_letters: number;
    created_at: string;
    created_by: string;
    updated_at: string;
  };
  NewWebhook: {
    name: string;
    /** https, and a public address */
    url: string;
    style?: "nanomdm" | "cloudevents" | "slack" | undefined;
    /** Names of events, or beginnings of names with a star */
    topics?: string[] | undefined;
    /** Only with style nanomdm: messages are sent as devices sent them, including unlock tokens and keys */
    include_secrets?: boolean | undefined;
    /** Your own secret; one is made unless set */
    secret?: string | undefined;
    /** Adds NanoMDM's header X-Hmac-Signature, computed with this key */
    hmac_key?: string | undefined;
    /** Begin after the event with this id; with new events unless set */
    after?: number | undefined;
  };
  CreatedWebhook: {
    id: string;
    name: string;
    style: "nanomdm" | "cloudevents" | "slack";
    /** The host of the address; the rest is shown only with the secrets */
    host: string;
    topics: string[];
    include_secrets: boolean;
    state: "active" | "paused";
    /** Why the server paused it */
    paused_reason: string | null;
    /** Since then the receiver has accepted nothing */
    failing_since: string | null;
    /** While it fails: the error of the last attempt */
    last_fault: string | null;
    /** Messages that were given up */
    dead_letters: number;
    created_at: string;
    created_by: string;
    updated_at: string;
    url: string;
    /** The signing secret, as in Standard Webhooks */
    secret: string;
    /** Until then messages are also signed with the earlier secret */
    previous_secret_until: string | null;
    /** The key for NanoMDM's header */
    hmac_key: string | null;
  };
  WebhookDetail: {
    id: string;
    name: string;
    style: "nanomdm" | "cloudevents" | "slack";
    /** The host of the address; the rest is shown only with the secrets */
    host: string;
    topics: string[];
    include_secrets: boolean;
    state: "active" | "paused";
    /** Why the server paused it */
    paused_reason: string | null;
    /** Since then the receiver has accepted nothing */
    failing_since: string | null;
    /** While it fails: the error of the last attempt */
    last_fault: string | null;
    /** Messages that were given up */
    dead_letters: number;
    created_at: string;
    created_by: string;
    updated_at: string;
    url?: string | undefined;
    /** The signing secret, as in Standard Webhooks */
    secret?: string | undefined;
    /** Until then messages are also signed with the earlier secret */
    previous_secret_until?: string | null | undefined;
    /** The key for NanoMDM's header */
    hmac_key?: string | null | undefined;
    progress: {
      /** The last event that was handled or waits */
      after: number;
      /** Messages that are tried again, and those waiting behind them */
      waiting: number;
      dead_letters: number;
      /** The time of the next attempt, while it fails */
      next_attempt_at: string | null;
    };
  };
  WebhookPatch: {
    name?: string | undefined;
    /** https, and a public address */
    url?: string | undefined;
    /** Names of events, or beginnings of names with a star */
    topics?: string[] | undefined;
    /** Only with style nanomdm: messages are sent as devices sent them, including unlock tokens and keys */
    include_secrets?: boolean | undefined;
    hmac_key?: string | null | undefined;
    state?: "active" | "paused" | undefined;
  };
  NewWebhookSecret: {
    /** How many hours messages are also signed with the old secret */
    overlap_hours?: number | undefined;
    /** Your own secret; one is made unless set */
    secret?: string | undefined;
  };
  WebhookPing: {
    delivered: boolean;
    status: number | null;
    detail: string | null;
    ms: number;
  };
  WebhookDelivery: {
    at: string;
    event_id: number;
    event: string;
    device_id: string | null;
    attempt: number;
    delivered: boolean;
    /** The status of the receiver's answer; null: it did not answer */
    status: number | null;
    /** What went wrong */
    detail: string | null;
    ms: number;
  };
  WebhookDeliveryPage: {
    items: Schemas["WebhookDelivery"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  WebhookDeadLetter: {
    event_id: number;
    event: string;
    device_id: string | null;
    attempts: number;
    /** The error of the last attempt */
    detail: string;
    /** When it happened */
    at: string;
    given_up_at: string;
  };
  WebhookDeadLetterPage: {
    items: Schemas["WebhookDeadLetter"][];
    /** null: this page is the last */
    next_cursor: string | null;
    count?: Schemas["Count"] | undefined;
  };
  DeadLettersToReplay: {
    event_ids?: number[] | undefined;
  };
  WebhookReplayed: {
    /** How many messages are queued again */
    replayed: number;
  };
  ReplayFrom: {
    after: number;
  };
};

/** Every operation: method, address, what it takes and what it answers. */
export type Operations = {
  get: {
    /** List the ADE accounts, by name */
    "/ade/accounts": { answer: {
      items: Schemas["AdeAccount"][];
      next_cursor: null;
    } };
    /** Read one ADE account */
    "/ade/accounts/{name}": { answer: Schemas["AdeAccount"] };
    /** Read the certificate that waits for a token */
    "/ade/accounts/{name}/certificate": { answer: Schemas["AdeCertificate"] };
    /** List the ADE profiles, by name */
    "/ade/profiles": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["AdeProfilePage"] };
    /** Read one ADE profile, and where Apple knows it */
    "/ade/profiles/{name}": { answer: Schemas["AdeProfileDetail"] };
    /** List the versions of an ADE profile, newest first */
    "/ade/profiles/{name}/versions": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["AdeProfilePage"] };
    /** Read the rules of an account */
    "/ade/accounts/{name}/rules": { answer: Schemas["AdeRules"] };
    /** List the tokens that let devices have beta systems */
    "/ade/accounts/{name}/beta-tokens": { answer: Schemas["AdeBetaTokens"] };
    /** Read the address that Apple tells devices for account-driven enrollment */
    "/ade/accounts/{name}/discovery": { answer: Schemas["AdeDiscovery"] };
    /** Read which device a device replaces */
    "/ade/accounts/{name}/replacements/{serial}": { answer: Schemas["AdeReplacement"] };
    /** List the API accounts of Apple's portal, by name */
    "/ade/api-accounts": { answer: {
      items: Schemas["ApiAccount"][];
      next_cursor: null;
    } };
    /** Read one API account */
    "/ade/api-accounts/{name}": { answer: Schemas["ApiAccount"] };
    /** List the organisation's device management servers, as Apple says now */
    "/ade/api-accounts/{name}/servers": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["PortalServerPage"] };
    /** List the serial numbers of a server's devices, as Apple says now */
    "/ade/api-accounts/{name}/servers/{server}/devices": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["PortalServerDevicePage"] };
    /** Read one device of the organisation, with its server, as Apple says now */
    "/ade/api-accounts/{name}/devices/{serial}": { answer: Schemas["PortalDevice"] };
    /** List what was ordered, the newest first */
    "/ade/api-accounts/{name}/activities": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["ApiActivityPage"] };
    /** Read what came of an order */
    "/ade/api-accounts/{name}/activities/{id}": { answer: Schemas["ApiActivity"] };
    /** List what came of an order for each device, by serial number */
    "/ade/api-accounts/{name}/activities/{id}/devices": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["ActivityDevicePage"] };
    /** List the devices of Apple's portal, by serial number */
    "/ade/devices": { query?: {
      /** Of this account */
      account?: string | undefined;
      /** Those that should have this ADE profile */
      profile?: string | undefined;
      /** Such as iPhone or Mac, as Apple writes it */
      device_family?: string | undefined;
      /** empty, assigned, pushed or removed */
      profile_status?: string | undefined;
      /** Of this order, as an API account read it */
      order_number?: string | undefined;
      /** The beginning of the serial number */
      search?: string | undefined;
      /** Whether it is enrolled here */
      enrolled?: boolean | undefined;
      /** Those that must move here by a deadline */
      migrating?: boolean | undefined;
      /** Those that are this server's no more, instead of those that are */
      gone?: boolean | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["AdeDevicePage"] };
    /** Read one device of Apple's portal, in every account that had it */
    "/ade/devices/{serial}": { answer: {
      items: Schemas["AdeDevice"][];
      next_cursor: null;
    } };
    /** List the devices that must move here by a deadline, the nearest first */
    "/ade/migrations": { query?: {
      /** Of this ADE account */
      account?: string | undefined;
      /** Whether it is enrolled here already */
      arrived?: boolean | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["AdeMigrationPage"] };
    /** List the invitations of administrators, newest first */
    "/administrator-invitations": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "id" | "-id" | "state" | "-state" | "email" | "-email" | "role" | "-role" | "way" | "-way" | "token_days" | "-token_days" | "created_at" | "-created_at" | "created_by" | "-created_by" | "expires_at" | "-expires_at" | "accepted_at" | "-accepted_at" | "withdrawn_at" | "-withdrawn_at" | "token_id" | "-token_id" | undefined;
    }; answer: Schemas["AdministratorInvitationPage"] };
    /** Read one invitation of an administrator */
    "/administrator-invitations/{id}": { answer: Schemas["AdministratorInvitation"] };
    /** List the apps that are installed on enrolled devices, by identifier */
    "/installed-apps": { query?: {
      /** The beginning of the identifiers */
      prefix?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "identifier" | "-identifier" | "name" | "-name" | "devices" | "-devices" | undefined;
    }; answer: Schemas["FleetAppPage"] };
    /** List the devices that have an app installed, by version */
    "/installed-apps/{identifier}/devices": { query?: {
      /** Only this version, as `GET /installed-apps` spells it */
      version?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "device_id" | "-device_id" | "version" | "-version" | "name" | "-name" | "serial" | "-serial" | "platform" | "-platform" | "os_version" | "-os_version" | undefined;
    }; answer: Schemas["FleetAppDevicePage"] };
    /** List the apps of the library, by name */
    "/apps": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "name" | "-name" | "version" | "-version" | "has_configuration" | "-has_configuration" | "configuration_digest" | "-configuration_digest" | "title" | "-title" | "bundle_id" | "-bundle_id" | "store_version" | "-store_version" | "icon_url" | "-icon_url" | "created_at" | "-created_at" | "updated_at" | "-updated_at" | "updated_by" | "-updated_by" | undefined;
    }; answer: Schemas["AppPage"] };
    /** Read one app of the library */
    "/apps/{name}": { answer: Schemas["AppDetail"] };
    /** List how it stands with an app on devices */
    "/apps/{name}/devices": { query?: {
      state?: "waiting_for_licence" | "pending" | "installing" | "waiting_for_person" | "installed" | "failed" | "not_applicable" | "removing" | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "device_id" | "-device_id" | "name" | "-name" | "serial" | "-serial" | "state" | "-state" | "since" | "-since" | "reason" | "-reason" | "version" | "-version" | "managed_by" | "-managed_by" | "bundle_id" | "-bundle_id" | "installed_version" | "-installed_version" | undefined;
    }; answer: Schemas["AppDevices"] };
    /** List the locations of Apps and Books, by name */
    "/apps-and-books/locations": { answer: {
      items: Schemas["ContentLocation"][];
      next_cursor: null;
    } };
    /** Read one location */
    "/apps-and-books/locations/{name}": { answer: Schemas["ContentLocation"] };
    /** List the apps and books of a location */
    "/apps-and-books/locations/{name}/assets": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["ContentAssetPage"] };
    /** List the licences of a location, with what is ordered */
    "/apps-and-books/locations/{name}/licences": { query?: {
      /** Of this app or book */
      adam_id?: string | undefined;
      /** Of this device */
      serial_number?: string | undefined;
      /** Of this user */
      client_user_id?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["LicencePage"] };
    /** List what was ordered at Apple, the newest first */
    "/apps-and-books/locations/{name}/orders": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["LicenceOrderPage"] };
    /** List the users of a location */
    "/apps-and-books/locations/{name}/users": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["ContentUserPage"] };
    /** Read one user of a location */
    "/apps-and-books/locations/{name}/users/{user}": { answer: Schemas["ContentUser"] };
    /** List the subscriptions of a location, as Apple says now */
    "/apps-and-books/locations/{name}/subscriptions": { query?: {
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["ContentSubscriptionPage"] };
    /** List who has a seat of a subscription, as Apple says now */
    "/apps-and-books/locations/{name}/subscriptions/{subscription}/users": { query?: {
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["ContentSubscriptionUserPage"] };
    /** List the defined attributes by name */
    "/attributes": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "name" | "-name" | "type" | "-type" | "description" | "-description" | "minimum" | "-minimum" | "maximum" | "-maximum" | "earliest" | "-earliest" | "latest" | "-latest" | "created_at" | "-created_at" | "updated_at" | "-updated_at" | undefined;
    }; answer: Schemas["AttributePage"] };
    /** Read one definition */
    "/attributes/{name}": { answer: Schemas["Attribute"] };
    /** List who changed or tried to change what, newest first */
    "/audit": { query?: {
      /** Only what the token with this id did */
      token?: string | undefined;
      /** Only what was done to this resource or below it, such as `devices/ABC` */
      target?: string | undefined;
      /** Only what happened at this time or later */
      since?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "id" | "-id" | "at" | "-at" | "token_id" | "-token_id" | "token_name" | "-token_name" | "role" | "-role" | "method" | "-method" | "route" | "-route" | "target" | "-target" | "outcome" | "-outcome" | "status" | "-status" | "request_id" | "-request_id" | "ip" | "-ip" | "reason" | "-reason" | undefined;
    }; answer: Schemas["AuditEntryPage"] };
    /** List the authorities, the issuing one first */
    "/authorities": { answer: {
      items: Schemas["Authority"][];
      next_cursor: null;
    } };
    /** Read one authority */
    "/authorities/{id}": { answer: Schemas["Authority"] };
    /** List the batches, newest first */
    "/batches": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "id" | "-id" | "request_type" | "-request_type" | "state" | "-state" | "created_by" | "-created_by" | "created_at" | "-created_at" | undefined;
    }; answer: Schemas["BatchEntryPage"] };
    /** Read the progress of a batch */
    "/batches/{id}": { answer: Schemas["Batch"] };
    /** List the result for each target so far, by device id */
    "/batches/{id}/targets": { query?: {
      /** Only those in this state */
      state?: "queued" | "sent" | "not_now" | "acknowledged" | "error" | "format_error" | "cancelled" | "expired" | "refused" | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "device_id" | "-device_id" | "channel" | "-channel" | "state" | "-state" | "reason" | "-reason" | "detail" | "-detail" | "finished_at" | "-finished_at" | undefined;
    }; answer: Schemas["BatchTargetPage"] };
    /** List every command in Apple's schema, by name */
    "/catalog/commands": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      platform?: "ios" | "macos" | "tvos" | "visionos" | "watchos" | "ipados" | undefined;
      /** Only what that version has and has not removed */
      os?: string | undefined;
    }; answer: {
      items: {
        request_type: string;
        /** What Apple's schema says about each platform, in its own words; null where it does not exist */
        platforms: Record<string, Record<string, unknown> | null>;
      }[];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
    } };
    /** Read which keys one command takes and where it works */
    "/catalog/commands/{request_type}": { query?: {
      format?: "json-schema" | undefined;
    }; answer: {
      request_type: string;
      /** What Apple's schema says about each platform, in its own words; null where it does not exist */
      platforms: Record<string, Record<string, unknown> | null>;
      /** Keys with type, limits and platform differences; dictionaries contain `keys`, arrays contain `items`. `secret`: the value is sealed at rest and masked in answers */
      keys: {
        name: string;
        type: string;
      }[];
      /** Keys with type, limits and platform differences; dictionaries contain `keys`, arrays contain `items`. `secret`: the value is sealed at rest and masked in answers */
      response?: {
        name: string;
        type: string;
      }[] | undefined;
      apply?: "single" | "multiple" | "combined" | undefined;
      reasons?: {
        value: string;
      }[] | undefined;
      "related-status-items"?: string[] | undefined;
    } };
    /** List every profile payload in Apple's schema, by name */
    "/catalog/profiles": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      platform?: "ios" | "macos" | "tvos" | "visionos" | "watchos" | "ipados" | undefined;
      /** Only what that version has and has not removed */
      os?: string | undefined;
    }; answer: {
      items: {
        payload_type: string;
        /** What Apple's schema says about each platform, in its own words; null where it does not exist */
        platforms: Record<string, Record<string, unknown> | null>;
      }[];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
    } };
    /** Read which keys one profile payload takes and where it works */
    "/catalog/profiles/{payload_type}": { query?: {
      format?: "json-schema" | undefined;
    }; answer: {
      payload_type: string;
      /** What Apple's schema says about each platform, in its own words; null where it does not exist */
      platforms: Record<string, Record<string, unknown> | null>;
      /** Keys with type, limits and platform differences; dictionaries contain `keys`, arrays contain `items`. `secret`: the value is sealed at rest and masked in answers */
      keys: {
        name: string;
        type: string;
      }[];
      /** Keys with type, limits and platform differences; dictionaries contain `keys`, arrays contain `items`. `secret`: the value is sealed at rest and masked in answers */
      response?: {
        name: string;
        type: string;
      }[] | undefined;
      apply?: "single" | "multiple" | "combined" | undefined;
      reasons?: {
        value: string;
      }[] | undefined;
      "related-status-items"?: string[] | undefined;
    } };
    /** List every declaration in Apple's schema, by name */
    "/catalog/declarations": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      platform?: "ios" | "macos" | "tvos" | "visionos" | "watchos" | "ipados" | undefined;
      /** Only what that version has and has not removed */
      os?: string | undefined;
    }; answer: {
      items: {
        type: string;
        /** What Apple's schema says about each platform, in its own words; null where it does not exist */
        platforms: Record<string, Record<string, unknown> | null>;
      }[];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
    } };
    /** Read which keys one declaration takes and where it works */
    "/catalog/declarations/{type}": { query?: {
      format?: "json-schema" | undefined;
    }; answer: {
      type: string;
      /** What Apple's schema says about each platform, in its own words; null where it does not exist */
      platforms: Record<string, Record<string, unknown> | null>;
      /** Keys with type, limits and platform differences; dictionaries contain `keys`, arrays contain `items`. `secret`: the value is sealed at rest and masked in answers */
      keys: {
        name: string;
        type: string;
      }[];
      /** Keys with type, limits and platform differences; dictionaries contain `keys`, arrays contain `items`. `secret`: the value is sealed at rest and masked in answers */
      response?: {
        name: string;
        type: string;
      }[] | undefined;
      apply?: "single" | "multiple" | "combined" | undefined;
      reasons?: {
        value: string;
      }[] | undefined;
      "related-status-items"?: string[] | undefined;
    } };
    /** List every status item in Apple's schema, by name */
    "/catalog/status-items": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      platform?: "ios" | "macos" | "tvos" | "visionos" | "watchos" | "ipados" | undefined;
      /** Only what that version has and has not removed */
      os?: string | undefined;
    }; answer: {
      items: {
        name: string;
        /** What Apple's schema says about each platform, in its own words; null where it does not exist */
        platforms: Record<string, Record<string, unknown> | null>;
      }[];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
    } };
    /** Read which keys one status item takes and where it works */
    "/catalog/status-items/{name}": { query?: {
      format?: "json-schema" | undefined;
    }; answer: {
      name: string;
      /** What Apple's schema says about each platform, in its own words; null where it does not exist */
      platforms: Record<string, Record<string, unknown> | null>;
      /** Keys with type, limits and platform differences; dictionaries contain `keys`, arrays contain `items`. `secret`: the value is sealed at rest and masked in answers */
      keys: {
        name: string;
        type: string;
      }[];
      /** Keys with type, limits and platform differences; dictionaries contain `keys`, arrays contain `items`. `secret`: the value is sealed at rest and masked in answers */
      response?: {
        name: string;
        type: string;
      }[] | undefined;
      apply?: "single" | "multiple" | "combined" | undefined;
      reasons?: {
        value: string;
      }[] | undefined;
      "related-status-items"?: string[] | undefined;
    } };
    /** Read a page of a backup: everything that must not be lost, with secrets sealed */
    "/backup": { query?: {
      /** The `next_cursor` in the last line of the page before */
      cursor?: string | undefined;
    }; answer: undefined };
    /** List certificates of devices, newest first: identities, and those for other uses */
    "/certificates": { query?: {
      /** The id of a device */
      device?: string | undefined;
      /** The id of an authority */
      authority?: string | undefined;
      expiring_within?: string | undefined;
      revoked?: boolean | undefined;
      /** The name of a use of certificates */
      use?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "fingerprint" | "-fingerprint" | "authority" | "-authority" | "serial" | "-serial" | "subject" | "-subject" | "device_id" | "-device_id" | "purpose" | "-purpose" | "how" | "-how" | "not_before" | "-not_before" | "expires_at" | "-expires_at" | "issued_at" | "-issued_at" | "revoked_at" | "-revoked_at" | "revocation_reason" | "-revocation_reason" | undefined;
    }; answer: Schemas["CertificatePage"] };
    /** Read one device identity */
    "/certificates/{fingerprint}": { answer: Schemas["CertificateWithPem"] };
    /** List the channels that got a command, and its state on each */
    "/commands/{uuid}": { query?: {
      /** Only where it is in this state */
      state?: "queued" | "sent" | "not_now" | "acknowledged" | "error" | "format_error" | "cancelled" | "expired" | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "uuid" | "-uuid" | "device_id" | "-device_id" | "channel" | "-channel" | "request_type" | "-request_type" | "state" | "-state" | "error" | "-error" | "origin" | "-origin" | "queued_at" | "-queued_at" | "finished_at" | "-finished_at" | undefined;
    }; answer: Schemas["CommandOnChannelPage"] };
    /** List the declarations of the library, by identifier */
    "/declarations": { query?: {
      type?: string | undefined;
      kind?: "activation" | "asset" | "configuration" | "management" | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "identifier" | "-identifier" | "type" | "-type" | "kind" | "-kind" | "server_token" | "-server_token" | "version" | "-version" | "data_sha256" | "-data_sha256" | "created_at" | "-created_at" | "updated_at" | "-updated_at" | "updated_by" | "-updated_by" | undefined;
    }; answer: Schemas["DeclarationEntryPage"] };
    /** Read one declaration */
    "/declarations/{identifier}": { answer: Schemas["Declaration"] };
    /** List the versions of a declaration, newest first */
    "/declarations/{identifier}/versions": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "version" | "-version" | "type" | "-type" | "data_sha256" | "-data_sha256" | "server_token" | "-server_token" | "saved_at" | "-saved_at" | "saved_by" | "-saved_by" | undefined;
    }; answer: Schemas["DeclarationVersionPage"] };
    /** Compare two versions */
    "/declarations/{identifier}/diff": { query: {
      from: number;
      to?: number | undefined;
    }; answer: {
      from: number;
      to: number;
      differences: Schemas["Difference"][];
    } };
    /** Download the data of an asset */
    "/declarations/{identifier}/data": { answer: undefined };
    /** List the channels that should have a declaration, and its state on each */
    "/declarations/{identifier}/status": { query?: {
      state?: "pending" | "active" | "inactive" | "invalid" | "unknown_to_device" | "stale" | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "device_id" | "-device_id" | "channel" | "-channel" | "state" | "-state" | "server_token" | "-server_token" | "updated_at" | "-updated_at" | undefined;
    }; answer: {
      items: Schemas["DeclarationOnChannel"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** Counts over all channels that should have it */
      counts: {
        pending: number;
        active: number;
        inactive: number;
        invalid: number;
        unknown_to_device: number;
        stale: number;
      };
    } };
    /** List the devices that match all given filters */
    "/devices": { query?: {
      state?: "pending" | "enrolled" | "unenrolled" | "erased" | undefined;
      kind?: "device" | "ade" | "account_device" | "user" | undefined;
      platform?: "ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos" | undefined;
      /** This OS version; 17 is 17.0.0 */
      os?: string | undefined;
      /** This OS version or a later one */
      os_min?: string | undefined;
      /** This OS version or an earlier one; 17 is 17.0.0 */
      os_max?: string | undefined;
      /** The complete serial number */
      serial?: string | undefined;
      /** The complete short name of a user who has a channel */
      user?: string | undefined;
      /** The id of the person that it belongs to */
      person?: string | undefined;
      /** The e-mail address of the person that it belongs to, in whatever case */
      user_email?: string | undefined;
      /** The department of the person that it belongs to, in whatever case */
      user_department?: string | undefined;
      /** A tag, whole */
      tag?: string | undefined;
      /** The name of a set that it has on any of its channels */
      set?: string | undefined;
      /** The identifier of an app that it has, according to its last report: `com.apple.Keynote` */
      app?: string | undefined;
      /** Something that it should have failed there: `anything`, or a profile, a declaration or an app, such as `profile:office.wifi` */
      failed?: string | undefined;
      /** An attribute set by administrators, as `name:value` */
      attribute?: string | undefined;
      /** An attribute, as `name:value`: this number or more, or this day or later, such as 2026-01-31 */
      attribute_min?: string | undefined;
      /** An attribute, as `name:value`: this number or less, or this day or earlier, such as 2026-01-31 */
      attribute_max?: string | undefined;
      /** Last seen before this time */
      seen_before?: string | undefined;
      /** Seen at this time or later */
      seen_after?: string | undefined;
      /** Whether it is supervised, according to its last report */
      supervised?: boolean | undefined;
      /** Whether its storage is encrypted: FileVault, or hardware encryption with a passcode, according to its last report */
      encrypted?: boolean | undefined;
      /** Whether it has a passcode, according to its last report */
      passcode_present?: boolean | undefined;
      /** Whether its passcode complies with its profiles, according to its last report */
      passcode_compliant?: boolean | undefined;
      /** Whether Activation Lock is on, according to its last report */
      activation_lock?: boolean | undefined;
      /** Whether it is in managed Lost Mode, according to its last report */
      lost_mode?: boolean | undefined;
      /** Last reported its inventory before this time */
      inventory_before?: string | undefined;
      /** Last reported its inventory at this time or later */
      inventory_after?: string | undefined;
      /** Attested by Apple within this number of days or hours, such as `7d` */
      attested_within?: string | undefined;
      /** Beginnings of words in the name, serial number, model, id or users; all must match */
      search?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of these, with - before it from the highest down; what a device has not said comes as the least. A long list that is narrowed little by its filters has pages that are short */
      sort?: "id" | "-id" | "name" | "-name" | "serial" | "-serial" | "os_version" | "-os_version" | "enrolled_at" | "-enrolled_at" | "last_seen_at" | "-last_seen_at" | undefined;
    }; answer: Schemas["DevicePage"] };
    /** Read one device */
    "/devices/{id}": { answer: Schemas["DeviceDetail"] };
    /** Read the state of the apps that a device has through its sets */
    "/devices/{id}/assigned-apps": { answer: {
      items: Schemas["AssignedApp"][];
      next_cursor: null;
    } };
    /** List the commands of one channel, newest first */
    "/devices/{id}/commands": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "uuid" | "-uuid" | "request_type" | "-request_type" | "channel" | "-channel" | "state" | "-state" | "priority" | "-priority" | "origin" | "-origin" | "queued_at" | "-queued_at" | "sent_at" | "-sent_at" | "finished_at" | "-finished_at" | "expires_at" | "-expires_at" | "error" | "-error" | "result_bytes" | "-result_bytes" | "truncated" | "-truncated" | undefined;
    }; answer: Schemas["CommandPage"] };
    /** Read one command with its payload and result */
    "/devices/{id}/commands/{uuid}": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["CommandDetail"] };
    /** List the channels of a device, its own first */
    "/devices/{id}/channels": { answer: {
      items: Schemas["Channel"][];
      next_cursor: null;
    } };
    /** List the identities bound to a device */
    "/devices/{id}/identities": { answer: {
      items: Schemas["Identity"][];
      next_cursor: null;
    } };
    /** Read the last message of one kind that a channel sent */
    "/devices/{id}/messages/{type}": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["DeviceMessage"] };
    /** List the escrowed secrets of a device, without their values */
    "/devices/{id}/escrow": { answer: {
      items: Schemas["Escrowed"][];
      next_cursor: null;
    } };
    /** Read an escrowed secret; this leaves an audit entry and an event */
    "/devices/{id}/escrow/{name}": { query?: {
      /** Why it is read, for the audit log; the setting `escrow_reason_required` says whether it must be given */
      reason?: string | undefined;
    }; answer: Schemas["EscrowValues"] };
    /** List what happened to a device, newest first */
    "/devices/{id}/events": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** The complete name, such as `command.finished` */
      name?: string | undefined;
      /** The state that it tells of, such as `error` */
      state?: string | undefined;
      /** Only what happened at this time or later */
      since?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
    }; answer: Schemas["EventPage"] };
    /** Read the link of the self-service page of a channel */
    "/devices/{id}/shelf-link": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["ShelfLink"] };
    /** List what the sets of a channel offer, and what was chosen */
    "/devices/{id}/offers": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["OfferList"] };
    /** Read one thing that a set offers */
    "/devices/{id}/offers/{kind}/{name}": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["Offer"] };
    /** Read the state of the profiles that a device has through its sets */
    "/devices/{id}/profiles": { query?: {
      /** pending: it is being delivered. failed: it could not be delivered, or the device refused it; see the reason. not_applicable: it is not for this kind of device or channel. removing: it is being removed */
      state?: "pending" | "installed" | "failed" | "not_applicable" | "removing" | undefined;
    }; answer: Schemas["AssignedProfiles"] };
    /** Show how the set-up of a device stands */
    "/devices/{id}/setup": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["Setup"] };
    /** Read what a device reported about itself */
    "/devices/{id}/inventory": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["Inventory"] };
    /** List the apps on a device */
    "/devices/{id}/apps": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "identifier" | "-identifier" | "name" | "-name" | "short_version" | "-short_version" | "version" | "-version" | "bundle_size" | "-bundle_size" | "external_version_identifier" | "-external_version_identifier" | "distributor_identifier" | "-distributor_identifier" | "source" | "-source" | "validated" | "-validated" | "app_store" | "-app_store" | "device_licensed" | "-device_licensed" | "beta" | "-beta" | "ad_hoc_signed" | "-ad_hoc_signed" | "app_clip" | "-app_clip" | "update_available" | "-update_available" | "installing" | "-installing" | "managed" | "-managed" | "management_state" | "-management_state" | undefined;
    }; answer: {
      items: Schemas["InstalledApp"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** When the device reported it, to the hour; null: it never did */
      as_of: string | null;
      /** How many the device reported; the first 5,000 are kept */
      total: number;
    } };
    /** List the apps that a device manages */
    "/devices/{id}/managed-apps": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "identifier" | "-identifier" | "state" | "-state" | "management_flags" | "-management_flags" | "has_configuration" | "-has_configuration" | "has_feedback" | "-has_feedback" | "validated" | "-validated" | "external_version_identifier" | "-external_version_identifier" | "unused_redemption_code" | "-unused_redemption_code" | undefined;
    }; answer: {
      items: Schemas["ManagedApp"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** When the device reported it, to the hour; null: it never did */
      as_of: string | null;
      /** How many the device reported; the first 5,000 are kept */
      total: number;
    } };
    /** List the profiles on a device */
    "/devices/{id}/installed-profiles": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "identifier" | "-identifier" | "uuid" | "-uuid" | "version" | "-version" | "display_name" | "-display_name" | "organization" | "-organization" | "description" | "-description" | "removal_disallowed" | "-removal_disallowed" | "has_removal_passcode" | "-has_removal_passcode" | "encrypted" | "-encrypted" | "managed" | "-managed" | "source" | "-source" | "signed" | "-signed" | undefined;
    }; answer: {
      items: Schemas["InstalledProfile"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** When the device reported it, to the hour; null: it never did */
      as_of: string | null;
      /** How many the device reported; the first 5,000 are kept */
      total: number;
    } };
    /** List the certificates on a device */
    "/devices/{id}/installed-certificates": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "common_name" | "-common_name" | "is_identity" | "-is_identity" | "fingerprint" | "-fingerprint" | "serial" | "-serial" | "subject" | "-subject" | "issuer" | "-issuer" | "not_before" | "-not_before" | "not_after" | "-not_after" | "is_ca" | "-is_ca" | undefined;
    }; answer: {
      items: Schemas["InstalledCertificate"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** When the device reported it, to the hour; null: it never did */
      as_of: string | null;
      /** How many the device reported; the first 5,000 are kept */
      total: number;
    } };
    /** List the provisioning profiles on a device */
    "/devices/{id}/provisioning-profiles": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "name" | "-name" | "uuid" | "-uuid" | "expires_at" | "-expires_at" | undefined;
    }; answer: {
      items: Schemas["InstalledProvisioningProfile"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** When the device reported it, to the hour; null: it never did */
      as_of: string | null;
      /** How many the device reported; the first 5,000 are kept */
      total: number;
    } };
    /** List the accounts on a device */
    "/devices/{id}/users": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "short_name" | "-short_name" | "full_name" | "-full_name" | "uid" | "-uid" | "guid" | "-guid" | "logged_in" | "-logged_in" | "has_secure_token" | "-has_secure_token" | "mobile_account" | "-mobile_account" | "has_data_to_sync" | "-has_data_to_sync" | "data_quota" | "-data_quota" | "data_used" | "-data_used" | undefined;
    }; answer: {
      items: Schemas["DeviceUser"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** When the device reported it, to the hour; null: it never did */
      as_of: string | null;
      /** How many the device reported; the first 5,000 are kept */
      total: number;
    } };
    /** List the updates that are offered to a device */
    "/devices/{id}/available-updates": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "product_key" | "-product_key" | "name" | "-name" | "version" | "-version" | "build" | "-build" | "supplemental_version" | "-supplemental_version" | "supplemental_build" | "-supplemental_build" | "download_size" | "-download_size" | "install_size" | "-install_size" | "critical" | "-critical" | "security_response" | "-security_response" | "major" | "-major" | "firmware" | "-firmware" | "configuration_data" | "-configuration_data" | "restart_required" | "-restart_required" | "allows_install_later" | "-allows_install_later" | "requires_bootstrap_token" | "-requires_bootstrap_token" | "deferred_until" | "-deferred_until" | undefined;
    }; answer: {
      items: Schemas["AvailableUpdate"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** When the device reported it, to the hour; null: it never did */
      as_of: string | null;
      /** How many the device reported; the first 5,000 are kept */
      total: number;
    } };
    /** List the declarations of a channel, with the state of each */
    "/devices/{id}/declarations": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "identifier" | "-identifier" | "kind" | "-kind" | "type" | "-type" | "server_token" | "-server_token" | "state" | "-state" | undefined;
    }; answer: {
      items: Schemas["ChannelDeclaration"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** The token of the whole set of declarations; null: there never was one */
      token: string | null;
      token_at: string | null;
      /** false: the device is not notified and finds it by itself */
      announced: boolean;
      /** The token of the set that the device fetched last */
      fetched_token: string | null;
      fetched_at: string | null;
      /** When the device last reported its declarations */
      reported_at: string | null;
      /** Declarations that the device reports but should not have, or should no longer have */
      unexpected: {
        identifier: string;
        kind: "activation" | "asset" | "configuration" | "management";
        /** The token of the version that the device has */
        server_token: string;
        active: boolean;
        valid: "unknown" | "invalid" | "valid";
        reasons: Schemas["DeclarationReason"][];
      }[];
      /** Declarations of its sets that it does not get: a value is missing, or its enrollment may not have them */
      withheld: {
        identifier: string;
        reason: string;
      }[];
    } };
    /** List the status items that a channel reported, with their latest values */
    "/devices/{id}/status-items": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "path" | "-path" | "since" | "-since" | undefined;
    }; answer: Schemas["StatusItemPage"] };
    /** List the status items that a channel could not deliver, newest first */
    "/devices/{id}/status-errors": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: {
      items: Schemas["StatusError"][];
    } };
    /** List the last status reports of a channel, newest first */
    "/devices/{id}/status-reports": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: {
      items: Schemas["StatusReport"][];
    } };
    /** Read a status report as the device sent it */
    "/devices/{id}/status-reports/{report}": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: {
      id: number;
      received_at: string;
      /** In bytes */
      size: number;
      /** `new`, `read`, or why it could not be read */
      state: string;
      /** The JSON as the device sent it */
      report: string;
    } };
    /** Read which sets a channel has */
    "/devices/{id}/sets": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["ChannelSets"] };
    /** List the invitations with their use, newest first */
    "/enrollment/invitations": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "id" | "-id" | "state" | "-state" | "note" | "-note" | "serial" | "-serial" | "user" | "-user" | "max_uses" | "-max_uses" | "uses" | "-uses" | "last_used_at" | "-last_used_at" | "created_at" | "-created_at" | "created_by" | "-created_by" | "expires_at" | "-expires_at" | "revoked_at" | "-revoked_at" | undefined;
    }; answer: Schemas["InvitationPage"] };
    /** Read one invitation */
    "/enrollment/invitations/{id}": { answer: Schemas["Invitation"] };
    /** Make an enrollment profile with its own challenge */
    "/enrollment/profile": { query?: {
      kind?: "device" | "ade" | "account_device" | "user" | undefined;
      /** false: a property list without a signature, for tools */
      signed?: boolean | undefined;
      /** For other platforms than the Mac, leaves out what only Macs use */
      platform?: "ios" | "ipados" | "macos" | "tvos" | "visionos" | "watchos" | undefined;
      /** The version of its system, to know whether it can attest its key */
      os?: string | undefined;
      /** Such as `Mac14,2`, for the same purpose */
      product?: string | undefined;
      /** Only a device with this serial number can use it */
      serial?: string | undefined;
      /** Only a device with this UDID can use it */
      udid?: string | undefined;
      /** The account it is for; for the kinds user and account_device, the Managed Apple Account */
      account?: string | undefined;
    }; answer: undefined };
    /** Read the settings for enrollment profiles */
    "/enrollment/settings": { answer: Schemas["EnrollmentSettings"] };
    /** List what happened, newest first, or follow it */
    "/events": { query?: {
      /** The id of a device */
      device?: string | undefined;
      /** The complete name, such as `command.finished` */
      name?: string | undefined;
      /** The state that it tells of, such as `error` */
      state?: string | undefined;
      /** Only what happened at this time or later */
      since?: string | undefined;
      /** The id of an event: lists the events after it, oldest first; 0: from the first event on */
      after?: number | undefined;
      /** With `after`: how many seconds to wait if there is no event yet */
      wait?: number | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
    }; answer: {
      items: Schemas["Event"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** With `after`: the value of `after` for the next request */
      next_after?: number | undefined;
    } };
    /** List the jobs, each with its current or last run */
    "/jobs": { answer: {
      items: Schemas["Job"][];
    } };
    /** Read the current or last run of a job */
    "/jobs/{kind}": { answer: Schemas["Job"] };
    /** List the certificates that recovery keys are encrypted to, the newest first */
    "/escrow-certificates": { answer: {
      items: Schemas["EscrowCertificate"][];
      next_cursor: null;
    } };
    /** List what programs made, by address */
    "/managed-things": { query?: {
      /** Only what this program made */
      managed_by?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "path" | "-path" | "managed_by" | "-managed_by" | "created_at" | "-created_at" | undefined;
    }; answer: Schemas["ManagedThingPage"] };
    /** List the packages by name */
    "/packages": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "name" | "-name" | "kind" | "-kind" | "identifier" | "-identifier" | "version" | "-version" | "short_version" | "-short_version" | "title" | "-title" | "size" | "-size" | "content_hash" | "-content_hash" | "sha256" | "-sha256" | "minimum_os_version" | "-minimum_os_version" | "created_at" | "-created_at" | "updated_at" | "-updated_at" | "updated_by" | "-updated_by" | undefined;
    }; answer: Schemas["PackagePage"] };
    /** Read one package */
    "/packages/{name}": { answer: Schemas["Package"] };
    /** List the uploads of a package that are under way, newest first */
    "/packages/{name}/uploads": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "id" | "-id" | "kind" | "-kind" | "size" | "-size" | "part_bytes" | "-part_bytes" | "parts" | "-parts" | "sha256" | "-sha256" | "started_at" | "-started_at" | "started_by" | "-started_by" | "expires_at" | "-expires_at" | undefined;
    }; answer: Schemas["PackageUploadPage"] };
    /** Read one upload */
    "/packages/{name}/uploads/{id}": { answer: Schemas["PackageUpload"] };
    /** List the parts that have arrived */
    "/packages/{name}/uploads/{id}/parts": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "part" | "-part" | "md5" | "-md5" | "sha256" | "-sha256" | undefined;
    }; answer: Schemas["PackagePartPage"] };
    /** Read the hashes of one part */
    "/packages/{name}/uploads/{id}/parts/{part}": { answer: Schemas["PackagePart"] };
    /** List people by name */
    "/people": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "id" | "-id" | "account" | "-account" | "email" | "-email" | "name" | "-name" | "department" | "-department" | "signed_in_at" | "-signed_in_at" | "created_at" | "-created_at" | "updated_at" | "-updated_at" | undefined;
      /** The whole address */
      email?: string | undefined;
      /** The whole name */
      department?: string | undefined;
      /** A part of the name, the address or the account. A page may have fewer items than `limit`, and more after it */
      search?: string | undefined;
    }; answer: Schemas["PersonPage"] };
    /** Read one person */
    "/people/{id}": { answer: Schemas["Person"] };
    /** List the devices of a person */
    "/people/{id}/devices": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["DevicePage"] };
    /** List what will end, is broken or needs a person to act, most urgent first */
    "/problems": { query?: {
      urgency?: "urgent" | "soon" | "notice" | undefined;
      code?: string | undefined;
      /** Of the texts; else the header Accept-Language decides */
      language?: "en" | "de" | "fr" | "es" | "ja" | undefined;
    }; answer: {
      items: Schemas["ProblemEntry"][];
      next_cursor: null;
    } };
    /** Read the problems that have a date as a calendar */
    "/problems.ics": { query?: {
      key?: string | undefined;
      /** Of the entries */
      language?: "en" | "de" | "fr" | "es" | "ja" | undefined;
    }; answer: undefined };
    /** List the state of a profile on channels */
    "/profiles/{identifier}/devices": { query?: {
      /** pending: it is being delivered. failed: it could not be delivered, or the device refused it; see the reason. not_applicable: it is not for this kind of device or channel. removing: it is being removed */
      state?: "pending" | "installed" | "failed" | "not_applicable" | "removing" | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "device_id" | "-device_id" | "name" | "-name" | "serial" | "-serial" | "channel" | "-channel" | "state" | "-state" | "reason" | "-reason" | "version" | "-version" | "updated_at" | "-updated_at" | undefined;
    }; answer: Schemas["ProfileStandings"] };
    /** List the profiles of the library, by identifier */
    "/profiles": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "identifier" | "-identifier" | "version" | "-version" | "name" | "-name" | "uuid" | "-uuid" | "digest" | "-digest" | "signed_by" | "-signed_by" | "encrypted" | "-encrypted" | "size" | "-size" | "created_at" | "-created_at" | "updated_at" | "-updated_at" | "updated_by" | "-updated_by" | undefined;
    }; answer: Schemas["ProfilePage"] };
    /** Read one profile, as JSON or as a .mobileconfig file */
    "/profiles/{identifier}": { query?: {
      /** Unless set, Accept decides: application/x-apple-aspen-config is the file */
      format?: "json" | "mobileconfig" | undefined;
      /** false: the file is a property list without a signature */
      signed?: boolean | undefined;
    }; answer: Schemas["ProfileDetail"] };
    /** List the versions of a profile, newest first */
    "/profiles/{identifier}/versions": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "version" | "-version" | "uuid" | "-uuid" | "digest" | "-digest" | "signed_by" | "-signed_by" | "size" | "-size" | "saved_at" | "-saved_at" | "saved_by" | "-saved_by" | undefined;
    }; answer: Schemas["ProfileVersionPage"] };
    /** Show a profile as one device would get it, with variables filled in */
    "/profiles/{identifier}/preview": { query: {
      /** The id of a device */
      device: string;
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** Unless set, Accept decides: application/x-apple-aspen-config is the file */
      format?: "json" | "mobileconfig" | undefined;
      /** false: the file is a property list without a signature */
      signed?: boolean | undefined;
    }; answer: Schemas["ProfilePreview"] };
    /** List the provisioning profiles, by UUID */
    "/provisioning-profiles": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "uuid" | "-uuid" | "name" | "-name" | "app_id" | "-app_id" | "team_id" | "-team_id" | "expires_at" | "-expires_at" | "state" | "-state" | "uploaded_at" | "-uploaded_at" | undefined;
    }; answer: Schemas["ProvisioningProfilePage"] };
    /** Read one provisioning profile */
    "/provisioning-profiles/{uuid}": { answer: Schemas["ProvisioningProfile"] };
    /** List the requests whose push certificates are not uploaded yet, newest first */
    "/push-certificate-requests": { answer: {
      items: Schemas["PushRequest"][];
      next_cursor: null;
    } };
    /** Read one request */
    "/push-certificate-requests/{id}": { answer: Schemas["PushRequest"] };
    /** List the push certificates, those in use first */
    "/push-certificates": { answer: {
      items: Schemas["PushCertificate"][];
      next_cursor: null;
    } };
    /** Read one push certificate */
    "/push-certificates/{id}": { answer: Schemas["PushCertificate"] };
    /** Read which vendor certificate signs requests for push certificates */
    "/push-vendor": { answer: Schemas["PushVendor"] };
    /** List the rollouts, newest first */
    "/rollouts": { query?: {
      state?: "running" | "halted" | "finished" | "cancelled" | "replaced" | undefined;
      kind?: "profile" | "declaration" | "set" | "policy" | undefined;
      /** An identifier or a name */
      subject?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "id" | "-id" | "kind" | "-kind" | "subject" | "-subject" | "state" | "-state" | "reason" | "-reason" | "ring" | "-ring" | "next_ring_at" | "-next_ring_at" | "counted_at" | "-counted_at" | "created_at" | "-created_at" | "created_by" | "-created_by" | "ended_at" | "-ended_at" | "ended_by" | "-ended_by" | undefined;
    }; answer: Schemas["RolloutPage"] };
    /** Read one rollout, and what it changes */
    "/rollouts/{id}": { answer: Schemas["RolloutDetail"] };
    /** Ask the public address from outside, as devices do */
    "/selftest": { answer: Schemas["Selftest"] };
    /** List the sets by name */
    "/sets": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "name" | "-name" | "description" | "-description" | "activate" | "-activate" | "predicate" | "-predicate" | "device_name" | "-device_name" | "activation" | "-activation" | "created_at" | "-created_at" | "updated_at" | "-updated_at" | undefined;
    }; answer: Schemas["SetPage"] };
    /** Read one set */
    "/sets/{name}": { answer: Schemas["Set"] };
    /** List who has a set */
    "/sets/{name}/channels": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "device_id" | "-device_id" | "name" | "-name" | "serial" | "-serial" | "channel" | "-channel" | "given" | "-given" | "by_rule" | "-by_rule" | undefined;
    }; answer: Schemas["SetHolderPage"] };
    /** Read the runtime settings */
    "/settings": { answer: Schemas["Settings"] };
    /** Read who the caller is, and what the caller may do */
    "/session": { answer: Schemas["Session"] };
    /** Read how administrators sign in, and what each of them may do */
    "/sign-in/administrators": { answer: Schemas["AdministratorSignIn"] };
    /** Read who says who people are */
    "/sign-in/provider": { answer: Schemas["SignInProvider"] };
    /** List the certificates that profiles are signed with, the newest upload first */
    "/signing-certificates": { answer: {
      items: Schemas["SigningCertificate"][];
      next_cursor: null;
    } };
    /** Read one signing certificate */
    "/signing-certificates/{id}": { answer: Schemas["SigningCertificate"] };
    /** List the policies for software updates, by name */
    "/software-updates/policies": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "name" | "-name" | "details_url" | "-details_url" | "rollout" | "-rollout" | "audience" | "-audience" | "created_at" | "-created_at" | "updated_at" | "-updated_at" | "updated_by" | "-updated_by" | undefined;
    }; answer: Schemas["SoftwareUpdatePolicyPage"] };
    /** Read one policy */
    "/software-updates/policies/{name}": { answer: Schemas["SoftwareUpdatePolicy"] };
    /** List the state of a policy on its devices, by id */
    "/software-updates/policies/{name}/progress": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "device_id" | "-device_id" | "name" | "-name" | "platform" | "-platform" | "os_version" | "-os_version" | "target_version" | "-target_version" | "state" | "-state" | "declaration_state" | "-declaration_state" | undefined;
    }; answer: {
      items: Schemas["SoftwareUpdateProgress"][];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
      /** nobody: none of its sets has a filter or was given to a channel */
      audience: "nobody" | "devices";
    } };
    /** Tell how old Apple's list of systems is */
    "/software-updates/apple-list": { answer: Schemas["AppleSystemsList"] };
    /** Tell the newest system for a device, and whether it can run a version */
    "/software-updates/devices/{id}": { query?: {
      version?: string | undefined;
    }; answer: Schemas["DeviceSystems"] };
    /** List the known releases, newest first for each platform */
    "/software-updates/releases": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "platform" | "-platform" | "version" | "-version" | "released_at" | "-released_at" | "source" | "-source" | undefined;
    }; answer: Schemas["OsReleasePage"] };
    /** Read one release */
    "/software-updates/releases/{platform}/{version}": { answer: Schemas["OsRelease"] };
    /** List the channels that reported a status item, by its value */
    "/status-items": { query: {
      /** Such as `passcode.is-compliant` */
      path: string;
      /** Only this value, such as `true` or `18.2` */
      value?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "device_id" | "-device_id" | "channel" | "-channel" | "updated_at" | "-updated_at" | undefined;
    }; answer: Schemas["StatusValueOnChannelPage"] };
    /** List the status items that any channel has reported */
    "/status-items/paths": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
    }; answer: {
      items: string[];
      /** null: this page is the last */
      next_cursor: string | null;
      count?: Schemas["Count"] | undefined;
    } };
    /** Read the fleet in numbers */
    "/summary": { answer: Schemas["Summary"] };
    /** List the rules of the token exchange, oldest first */
    "/token-exchange-rules": { answer: {
      items: Schemas["TokenExchangeRule"][];
      next_cursor: null;
    } };
    /** Read a rule of the token exchange */
    "/token-exchange-rules/{id}": { answer: Schemas["TokenExchangeRule"] };
    /** List the API tokens, newest first */
    "/tokens": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "id" | "-id" | "name" | "-name" | "role" | "-role" | "kind" | "-kind" | "prefix" | "-prefix" | "state" | "-state" | "created_at" | "-created_at" | "created_by" | "-created_by" | "expires_at" | "-expires_at" | "revoked_at" | "-revoked_at" | "previous_until" | "-previous_until" | "last_used_at" | "-last_used_at" | undefined;
    }; answer: Schemas["TokenPage"] };
    /** Read one API token */
    "/tokens/{id}": { answer: Schemas["Token"] };
    /** Read what the Cloudflare account used this month */
    "/usage": { answer: Schemas["Usage"] };
    /** List the webhooks, oldest first */
    "/webhooks": { answer: {
      items: Schemas["Webhook"][];
      next_cursor: null;
    } };
    /** Read one webhook and its progress */
    "/webhooks/{id}": { query?: {
      secrets?: boolean | undefined;
    }; answer: Schemas["WebhookDetail"] };
    /** List the latest attempts, newest first */
    "/webhooks/{id}/deliveries": { query?: {
      /** Only what failed */
      failed?: boolean | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "at" | "-at" | "event_id" | "-event_id" | "event" | "-event" | "device_id" | "-device_id" | "attempt" | "-attempt" | "delivered" | "-delivered" | "status" | "-status" | "detail" | "-detail" | "ms" | "-ms" | undefined;
    }; answer: Schemas["WebhookDeliveryPage"] };
    /** List the messages that were given up, newest first */
    "/webhooks/{id}/dead-letters": { query?: {
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
      /** Also counts the whole list, up to a bound */
      count?: boolean | undefined;
      /** By one of its fields, with - before it from the highest down: of a list of up to 1,000 */
      sort?: "event_id" | "-event_id" | "event" | "-event" | "device_id" | "-device_id" | "attempts" | "-attempts" | "detail" | "-detail" | "at" | "-at" | "given_up_at" | "-given_up_at" | undefined;
    }; answer: Schemas["WebhookDeadLetterPage"] };
  };
  post: {
    /** Create an ADE account, and the certificate to upload at Apple */
    "/ade/accounts": { body: Schemas["NewAdeAccount"]; answer: Schemas["CreatedAdeAccount"] };
    /** Make a certificate for the next token */
    "/ade/accounts/{name}/certificate": { answer: Schemas["AdeCertificate"] };
    /** Ask Apple now what changed */
    "/ade/accounts/{name}/sync": { answer: Schemas["AdeSyncOutcome"] };
    /** Ask Apple again what it says of the account */
    "/ade/accounts/{name}/refresh": { answer: Schemas["AdeAccount"] };
    /** Lock the activation of a device to the organization */
    "/ade/accounts/{name}/activation-locks": { body: Schemas["NewActivationLock"]; answer: Schemas["ActivationLock"] };
    /** Store an API account of Apple's portal with its key */
    "/ade/api-accounts": { body: Schemas["NewApiAccount"]; answer: Schemas["ApiAccount"] };
    /** Read now what the organisation bought */
    "/ade/api-accounts/{name}/sync": { answer: Schemas["ApiAccount"] };
    /** Move devices to another device management server, by a deadline */
    "/ade/api-accounts/{name}/moves": { body: Schemas["ApiMove"]; answer: Schemas["ApiActivity"] };
    /** Change the deadline of devices that are to move */
    "/ade/api-accounts/{name}/moves/deadline": { body: Schemas["ApiMoveDeadline"]; answer: Schemas["ApiActivity"] };
    /** Cancel the migration of devices that have not begun to move */
    "/ade/api-accounts/{name}/moves/cancel": { body: Schemas["ApiMoveCancelling"]; answer: Schemas["ApiActivity"] };
    /** Give devices an ADE profile by hand */
    "/ade/devices/assign": { body: Schemas["AdeAssignment"]; answer: Schemas["AdeOutcomes"] };
    /** Take the profile from devices */
    "/ade/devices/unassign": { body: Schemas["AdeSerialNumbers"]; answer: Schemas["AdeOutcomes"] };
    /** Let the rules say again which profile devices get */
    "/ade/devices/follow-rules": { body: Schemas["AdeSerialNumbers"]; answer: Schemas["AdeFollowing"] };
    /** Ask Apple what it knows of devices now */
    "/ade/devices/refresh": { body: Schemas["AdeSerialNumbers"]; answer: Schemas["AdeOutcomes"] };
    /** Let devices go from the organisation for ever */
    "/ade/devices/disown": { body: Schemas["AdeDisowning"]; answer: Schemas["AdeOutcomes"] };
    /** Invite a colleague to administer: a link by mail that is good once */
    "/administrator-invitations": { body: Schemas["NewAdministratorInvitation"]; answer: Schemas["CreatedAdministratorInvitation"] };
    /** Store a location of Apps and Books with its content token */
    "/apps-and-books/locations": { query?: {
      /** Also if another server manages the location at Apple */
      take_over?: boolean | undefined;
    }; body: Schemas["NewContentLocation"]; answer: Schemas["ContentLocation"] };
    /** Manage a location that another server manages */
    "/apps-and-books/locations/{name}/take-over": { query?: {
      confirm?: string | undefined;
    }; answer: Schemas["ContentLocation"] };
    /** Read now what the location has */
    "/apps-and-books/locations/{name}/sync": { answer: Schemas["ContentLocation"] };
    /** Give licences to devices or users */
    "/apps-and-books/locations/{name}/licences": { body: Schemas["LicenceWish"]; answer: Schemas["LicencesWished"] };
    /** Take licences back from devices or users */
    "/apps-and-books/locations/{name}/licences/free": { body: Schemas["LicenceWish"]; answer: Schemas["LicencesWished"] };
    /** Take back all licences of devices or users that leave */
    "/apps-and-books/locations/{name}/licences/free-all": { body: Schemas["LicenceHolders"]; answer: undefined };
    /** Read the link by which a user accepts */
    "/apps-and-books/locations/{name}/users/{user}/invitation": { answer: Schemas["ContentInvitation"] };
    /** Make an authority, import one with its key, or trust one */
    "/authorities": { body?: Schemas["NewAuthority"]; answer: Schemas["Authority"] };
    /** Give one command to many channels, or only wake them */
    "/batches": { query?: {
      /** strict: what no device takes is refused, and warnings are in the answer; warn: nothing is refused; off: nothing is checked */
      validate?: "strict" | "warn" | "off" | undefined;
    }; body: Schemas["NewBatch"]; answer: Schemas["CreatedBatch"] };
    /** Write a page of a backup into this deployment. It must have the MASTER_KEY of the backup and be empty before the first page */
    "/backup/restore": { query?: {
      /** true: write over a deployment that has devices or identities */
      force?: boolean | undefined;
    }; answer: Schemas["Restored"] };
    /** Revoke a device identity: its device is refused from its next request on */
    "/certificates/{fingerprint}/revoke": { body?: Schemas["Revocation"]; answer: Schemas["CertificateWithPem"] };
    /** Make every device that has it fetch it again, although its content is the same */
    "/declarations/{identifier}/touch": { query?: {
      /** false: devices find the change when they next ask */
      notify?: boolean | undefined;
    }; answer: Schemas["Declaration"] };
    /** Save an older version as the newest one */
    "/declarations/{identifier}/versions/{version}/restore": { query?: {
      /** strict: what no device takes is refused, and warnings are in the answer; warn: nothing is refused; off: nothing is checked */
      validate?: "strict" | "warn" | "off" | undefined;
      /** false: devices find the change when they next ask */
      notify?: boolean | undefined;
      /** true: changes nothing and answers what would change, and for whom */
      dry_run?: boolean | undefined;
      /** The plan in whose rings devices get the change, by its name in the setting `rollout_plans`; `none`: all at once. Unless set, a change of what a device needs to reach the server goes by the setting `connectivity_rollout`, and everything else at once */
      rollout?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; answer: Schemas["SavedDeclaration"] | Schemas["DeclarationPlan"] };
    /** Give a command to one channel */
    "/devices/{id}/commands": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** false: no push; the device finds the command when it next connects */
      push?: boolean | undefined;
      /** strict: what no device takes is refused, and warnings are in the answer; warn: nothing is refused; off: nothing is checked */
      validate?: "strict" | "warn" | "off" | undefined;
      /** high: before all waiting commands of priority normal */
      priority?: "normal" | "high" | undefined;
      /** It may wait until then */
      expires_at?: string | undefined;
    }; body: Schemas["NewCommand"] | Bytes<"application/xml" | "text/xml" | "application/x-plist" | "application/octet-stream">; answer: Schemas["GivenCommand"] };
    /** Give a command again that came to nothing */
    "/devices/{id}/commands/{uuid}/retry": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["GivenCommand"] };
    /** Stop accepting identities that were renewed */
    "/devices/{id}/identities/end-overlap": { answer: {
      /** How many identities were still accepted */
      ended: number;
    } };
    /** End the enrollment of a device */
    "/devices/{id}/unenroll": { body: Schemas["Unenrollment"]; answer: Schemas["UnenrollmentStarted"] };
    /** Demand that the person sign in on the device again */
    "/devices/{id}/sign-in": { answer: undefined };
    /** Renew the links of the self-service pages of a device */
    "/devices/{id}/shelf-link/renew": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["ShelfLink"] };
    /** Wake a channel of a device now */
    "/devices/{id}/push": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["Push"] };
    /** Renew a device's identity now, before it is due */
    "/devices/{id}/renew-identity": { answer: Schemas["IdentityRenewal"] };
    /** Try again what failed on a device */
    "/devices/{id}/retry": { body?: Schemas["RetryWish"]; answer: Schemas["RetriedThings"] };
    /** Give the managed administrator of a Mac a new password */
    "/devices/{id}/escrow/managed-admin/rotate": { answer: Schemas["Command"] };
    /** Change a FileVault key or a recovery lock now */
    "/devices/{id}/escrow/{name}/rotate": { answer: Schemas["SecretRotation"] };
    /** Let a device out of Setup Assistant now */
    "/devices/{id}/setup/release": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["Setup"] };
    /** Ask a device for its inventory now */
    "/devices/{id}/inventory": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["InventoryAsked"] };
    /** Mint a one-time SCEP challenge */
    "/enrollment/challenges": { body?: Schemas["NewChallenge"]; answer: Schemas["Challenge"] };
    /** Make an invitation: a link and a QR code with which devices enroll */
    "/enrollment/invitations": { body?: Schemas["NewInvitation"]; answer: Schemas["CreatedInvitation"] };
    /** Start a job; each job has one run at a time */
    "/jobs/{kind}": { answer: Schemas["Job"] };
    /** Make an escrow certificate, which is used from then on */
    "/escrow-certificates": { body?: Schemas["NewEscrowCertificate"]; answer: {
      items: Schemas["EscrowCertificate"][];
      next_cursor: null;
    } };
    /** Send a test message */
    "/mail/test": { body: Schemas["MailTest"]; answer: Schemas["MailOutcome"] };
    /** Begin an upload in parts */
    "/packages/{name}/uploads": { body: Schemas["NewPackageUpload"]; answer: Schemas["PackageUpload"] };
    /** Complete an upload: the file is checked, and becomes the package's */
    "/packages/{name}/uploads/{id}/complete": { answer: Schemas["SavedPackage"] };
    /** Add a person */
    "/people": { body: Schemas["NewPerson"]; answer: Schemas["Person"] };
    /** Score devices for Cloudflare Access */
    "/posture": { body: Schemas["PostureQuestion"]; answer: Schemas["PostureAnswer"] };
    /** Make an address for the calendar of problems; the earlier address stops working */
    "/problems/calendar": { query?: {
      /** Of the calendar */
      language?: "en" | "de" | "fr" | "es" | "ja" | undefined;
    }; answer: Schemas["ProblemCalendar"] };
    /** Save an earlier version as the newest one */
    "/profiles/{identifier}/versions/{version}/restore": { answer: Schemas["Profile"] };
    /** Check a profile without saving it */
    "/profiles/validate": { query?: {
      /** The id of a device */
      device?: string | undefined;
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; body: Schemas["ProfileContent"] | Bytes<"application/x-apple-aspen-config" | "application/xml" | "text/xml" | "application/x-plist" | "application/octet-stream" | "application/pkcs7-mime">; answer: Schemas["ProfileVerdict"] };
    /** Make a key and a request for a push certificate */
    "/push-certificate-requests": { body: Schemas["NewPushRequest"]; answer: Schemas["PushRequest"] };
    /** Sign a request as a vendor */
    "/push-certificate-requests/{id}/sign": { body?: Schemas["VendorCredential"]; answer: undefined };
    /** Have mdmcert.download sign a request: it mails its answer */
    "/push-certificate-requests/{id}/mdmcert": { body: Schemas["MdmcertOrder"]; answer: Schemas["PushRequest"] };
    /** Open the file that mdmcert.download mailed */
    "/push-certificate-requests/{id}/mdmcert/mail": { body: Bytes<"text/plain" | "application/octet-stream">; answer: undefined };
    /** Upload a push certificate with its key; it is used from then on */
    "/push-certificates": { query?: {
      /** The number of devices that listen to another topic and would have to enroll again */
      accept_orphaned?: number | undefined;
      /** The Apple Account that made it, for the person who renews it */
      account?: string | undefined;
    }; body: Schemas["NewPushCertificate"] | Bytes<"application/x-pem-file">; answer: Schemas["PushCertificate"] };
    /** Let a halted rollout go on */
    "/rollouts/{id}/resume": { answer: Schemas["RolloutDetail"] };
    /** Give the change to all devices now */
    "/rollouts/{id}/finish": { answer: Schemas["RolloutDetail"] };
    /** Take the change back from the devices that have it */
    "/rollouts/{id}/cancel": { answer: Schemas["RolloutDetail"] };
    /** Give a set to many channels, or take it from many */
    "/sets/{name}/channels": { body: Schemas["HoldersChange"]; answer: Schemas["HoldersChanged"] };
    /** Upload a certificate with its key; profiles are signed with it from then on */
    "/signing-certificates": { body: Schemas["NewSigningCertificate"] | Bytes<"application/x-pem-file">; answer: Schemas["SigningCertificate"] };
    /** Exchange a token of another issuer, such as a CI job's, for an API token */
    "/token-exchange": { body: Bytes<"application/x-www-form-urlencoded">; answer: Schemas["ExchangedToken"] };
    /** Let the tokens of an issuer be exchanged for an API token */
    "/token-exchange-rules": { body: Schemas["NewTokenExchangeRule"]; answer: Schemas["TokenExchangeRule"] };
    /** Create an API token; only this answer shows it */
    "/tokens": { body: Schemas["NewToken"]; answer: Schemas["CreatedToken"] };
    /** Replace a token by a new one; only this answer shows it */
    "/tokens/{id}/rotate": { body: Schemas["TokenRotation"]; answer: Schemas["CreatedToken"] };
    /** Create a webhook */
    "/webhooks": { body: Schemas["NewWebhook"]; answer: Schemas["CreatedWebhook"] };
    /** Give a webhook a new secret; the old one is also used for a while */
    "/webhooks/{id}/secret": { body?: Schemas["NewWebhookSecret"]; answer: Schemas["CreatedWebhook"] };
    /** Send a test message now, once, outside the queue */
    "/webhooks/{id}/ping": { answer: Schemas["WebhookPing"] };
    /** Send messages that were given up again */
    "/webhooks/{id}/dead-letters/replay": { body?: Schemas["DeadLettersToReplay"]; answer: Schemas["WebhookReplayed"] };
    /** Continue after a certain event, and send everything after it */
    "/webhooks/{id}/replay": { body: Schemas["ReplayFrom"]; answer: undefined };
  };
  put: {
    /** Upload the token file that Apple gives */
    "/ade/accounts/{name}/token": { query?: {
      /** The account is for another server from now on: its devices are fetched again */
      replace?: boolean | undefined;
    }; body: Bytes<string>; answer: Schemas["AdeAccount"] };
    /** Define a profile */
    "/ade/profiles/{name}": { query?: {
      /** Which systems it is for, such as `macos:15.4`: skip items are held against them */
      target?: string[] | undefined;
    }; body: Schemas["AdeProfileKeys"]; answer: Schemas["SavedAdeProfile"] };
    /** Set which profile the devices of an account get */
    "/ade/accounts/{name}/rules": { body: Schemas["AdeRules"]; answer: Schemas["AdeRules"] };
    /** Set the address that Apple tells devices for account-driven enrollment */
    "/ade/accounts/{name}/discovery": { body: Schemas["NewAdeDiscovery"]; answer: undefined };
    /** Replace the key of an API account */
    "/ade/api-accounts/{name}/key": { body: Schemas["NewApiKey"]; answer: Schemas["ApiAccount"] };
    /** Save an app of the library */
    "/apps/{name}": { body: Schemas["NewApp"]; answer: Schemas["SavedApp"] };
    /** Renew the content token of a location */
    "/apps-and-books/locations/{name}/token": { body: Schemas["NewContentToken"]; answer: Schemas["ContentLocation"] };
    /** Make or change a user of a location */
    "/apps-and-books/locations/{name}/users/{user}": { body: Schemas["ContentUserFacts"]; answer: Schemas["ContentUser"] };
    /** Say what an attribute of devices may be */
    "/attributes/{name}": { body: Schemas["NewAttribute"]; answer: Schemas["Attribute"] };
    /** Save a declaration; saving the same content again changes nothing */
    "/declarations/{identifier}": { query?: {
      /** strict: what no device takes is refused, and warnings are in the answer; warn: nothing is refused; off: nothing is checked */
      validate?: "strict" | "warn" | "off" | undefined;
      /** false: devices find the change when they next ask */
      notify?: boolean | undefined;
      /** true: changes nothing and answers what would change, and for whom */
      dry_run?: boolean | undefined;
      /** The plan in whose rings devices get the change, by its name in the setting `rollout_plans`; `none`: all at once. Unless set, a change of what a device needs to reach the server goes by the setting `connectivity_rollout`, and everything else at once */
      rollout?: string | undefined;
      /** How many items; 50 unless set, in CSV as many as a page can have */
      limit?: number | undefined;
      /** The `next_cursor` of the previous page */
      cursor?: string | undefined;
    }; body: Schemas["NewDeclaration"]; answer: Schemas["SavedDeclaration"] | Schemas["DeclarationPlan"] | Schemas["SavedDeclaration"] };
    /** Upload the data of an asset */
    "/declarations/{identifier}/data": { query?: {
      /** strict: what no device takes is refused, and warnings are in the answer; warn: nothing is refused; off: nothing is checked */
      validate?: "strict" | "warn" | "off" | undefined;
    }; body: Bytes<string>; answer: Schemas["SavedDeclaration"] };
    /** Choose something that a set offers */
    "/devices/{id}/offers/{kind}/{name}": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: Schemas["Offer"] };
    /** Give sets to a channel */
    "/devices/{id}/sets": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; body: Schemas["SetsOfChannel"]; answer: Schemas["ChannelSets"] };
    /** Upload a .pkg or an .ipa of up to 100 MB */
    "/packages/{name}": { body: Bytes<string>; answer: Schemas["SavedPackage"] };
    /** Send one part of an upload */
    "/packages/{name}/uploads/{id}/parts/{part}": { body: Bytes<string>; answer: Schemas["PackagePart"] };
    /** Save a profile under its PayloadIdentifier */
    "/profiles/{identifier}": { query?: {
      /** strict: what no device takes is refused, and warnings are in the answer; warn: nothing is refused; off: nothing is checked */
      validate?: "strict" | "warn" | "off" | undefined;
      /** Whether it is encrypted to the identity of each device; unchanged unless set */
      encrypt?: boolean | undefined;
      /** The plan in whose rings devices get the change, by its name in the setting `rollout_plans`; `none`: all at once. Unless set, a change of what a device needs to reach the server goes by the setting `connectivity_rollout`, and everything else at once */
      rollout?: string | undefined;
    }; body: Schemas["ProfileContent"] | Bytes<"application/x-apple-aspen-config" | "application/xml" | "text/xml" | "application/x-plist" | "application/octet-stream" | "application/pkcs7-mime">; answer: Schemas["SavedProfile"] };
    /** Upload a .mobileprovision file under the UUID in it */
    "/provisioning-profiles/{uuid}": { body: Bytes<"application/octet-stream" | "application/x-apple-aspen-mobileprovision" | "application/x-apple-mobileprovision">; answer: Schemas["ProvisioningProfile"] };
    /** Upload the vendor certificate with its key and its chain; it replaces the earlier one */
    "/push-vendor": { body: Schemas["NewPushVendor"]; answer: Schemas["PushVendor"] };
    /** Create or change a set */
    "/sets/{name}": { body: Schemas["NewSet"]; answer: Schemas["SavedSet"] };
    /** Set how administrators sign in: by an OpenID Connect provider, or Cloudflare Access */
    "/sign-in/administrators": { body: Schemas["NewAdministratorSignIn"]; answer: Schemas["AdministratorSignIn"] };
    /** Set who says who people are: an OpenID Connect provider, or Cloudflare Access */
    "/sign-in/provider": { body: Schemas["NewSignInProvider"]; answer: Schemas["SignInProvider"] };
    /** Create or change a policy */
    "/software-updates/policies/{name}": { body: Schemas["NewSoftwareUpdatePolicy"]; answer: Schemas["SoftwareUpdatePolicy"] };
    /** Record that a version is released, and since when */
    "/software-updates/releases/{platform}/{version}": { body: Schemas["NewOsRelease"]; answer: Schemas["OsRelease"] };
    /** Replace a rule of the token exchange */
    "/token-exchange-rules/{id}": { body: Schemas["NewTokenExchangeRule"]; answer: Schemas["TokenExchangeRule"] };
  };
  patch: {
    /** Change how Apple is asked */
    "/ade/accounts/{name}": { body: Schemas["AdeAccountPatch"]; answer: Schemas["AdeAccount"] };
    /** Say whether the coverage of each device is read */
    "/ade/api-accounts/{name}": { body: Schemas["ApiAccountPatch"]; answer: Schemas["ApiAccount"] };
    /** Switch to an authority: only it issues from now on */
    "/authorities/{id}": { body: Schemas["AuthorityChange"]; answer: Schemas["Authority"] };
    /** Change what administrators set for a device */
    "/devices/{id}": { body: Schemas["DeviceChange"]; answer: Schemas["DeviceDetail"] };
    /** Change the settings for enrollment profiles */
    "/enrollment/settings": { body: Schemas["EnrollmentSettingsPatch"]; answer: Schemas["EnrollmentSettings"] };
    /** Change what is known of a person */
    "/people/{id}": { body: Schemas["PersonChange"]; answer: Schemas["Person"] };
    /** Go back to a push certificate, or set its Apple Account */
    "/push-certificates/{id}": { body: Schemas["PushCertificateChange"]; answer: Schemas["PushCertificate"] };
    /** Change some of the runtime settings */
    "/settings": { body: Schemas["SettingsPatch"]; answer: Schemas["Settings"] };
    /** Change the name, the permissions and the end of a token */
    "/tokens/{id}": { body: Schemas["TokenChange"]; answer: Schemas["Token"] };
    /** Change, pause or resume a webhook */
    "/webhooks/{id}": { body: Schemas["WebhookPatch"]; answer: Schemas["Webhook"] };
  };
  delete: {
    /** Delete an ADE account with its token and keys */
    "/ade/accounts/{name}": { query?: {
      confirm?: string | undefined;
    }; answer: undefined };
    /** Delete an ADE profile that no device should have */
    "/ade/profiles/{name}": { answer: undefined };
    /** Take that address away from Apple */
    "/ade/accounts/{name}/discovery": { answer: undefined };
    /** Delete an API account with its key */
    "/ade/api-accounts/{name}": { query?: {
      confirm?: string | undefined;
    }; answer: undefined };
    /** Withdraw an invitation of an administrator; it stays listed */
    "/administrator-invitations/{id}": { answer: undefined };
    /** Delete an app of the library; refused while a set has it */
    "/apps/{name}": { answer: undefined };
    /** Delete a location with its token */
    "/apps-and-books/locations/{name}": { query?: {
      confirm?: string | undefined;
    }; answer: undefined };
    /** Retire a user of a location */
    "/apps-and-books/locations/{name}/users/{user}": { answer: Schemas["ContentUser"] };
    /** Delete a definition */
    "/attributes/{name}": { answer: undefined };
    /** Remove an authority */
    "/authorities/{id}": { query?: {
      /** The number of unexpired identities that will be refused */
      accept_stranded?: number | undefined;
    }; answer: undefined };
    /** Cancel a batch: no more commands are given, and commands that no device has fetched are cancelled */
    "/batches/{id}": { answer: Schemas["Batch"] };
    /** Delete a declaration that nothing uses, with its versions */
    "/declarations/{identifier}": { answer: undefined };
    /** Remove the data of an asset: no device gets the asset until it has other data or a `Reference` of its own */
    "/declarations/{identifier}/data": { answer: undefined };
    /** Delete a device */
    "/devices/{id}": { query?: {
      /** true: also an enrolled device, which then keeps its profile but is not managed any more (admin) */
      force?: boolean | undefined;
    }; answer: undefined };
    /** Cancel a command that the device has not fetched */
    "/devices/{id}/commands/{uuid}": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
      /** true: also if the device has fetched it and may still carry it out */
      force?: boolean | undefined;
    }; answer: Schemas["Command"] };
    /** Unbind an identity from a device */
    "/devices/{id}/identities/{fingerprint}": { answer: undefined };
    /** Give back something that was chosen */
    "/devices/{id}/offers/{kind}/{name}": { query?: {
      /** The id of the user of a user channel; the device channel unless set */
      channel?: string | undefined;
    }; answer: undefined };
    /** Revoke an invitation; it stays listed */
    "/enrollment/invitations/{id}": { answer: undefined };
    /** Cancel a running job; work already done is kept */
    "/jobs/{kind}": { answer: Schemas["Job"] };
    /** Delete a package and its file */
    "/packages/{name}": { query?: {
      /** true: also a package that an app uses */
      confirm?: boolean | undefined;
    }; answer: undefined };
    /** Give an upload up */
    "/packages/{name}/uploads/{id}": { answer: undefined };
    /** Erase a person */
    "/people/{id}": { answer: undefined };
    /** Delete a profile and its versions; refused while a set or a declaration uses it */
    "/profiles/{identifier}": { answer: undefined };
    /** Delete a provisioning profile; devices keep it until they get RemoveProvisioningProfile */
    "/provisioning-profiles/{uuid}": { answer: undefined };
    /** Delete a request and its key */
    "/push-certificate-requests/{id}": { answer: undefined };
    /** Remove a push certificate and its key */
    "/push-certificates/{id}": { query?: {
      /** The number of devices that will get no more pushes */
      accept_orphaned?: number | undefined;
    }; answer: undefined };
    /** Remove the vendor certificate and its key */
    "/push-vendor": { answer: undefined };
    /** Delete a set */
    "/sets/{name}": { query?: {
      /** true: also a set that channels have */
      force?: boolean | undefined;
    }; answer: undefined };
    /** Sign out: the token of this sign-in is revoked */
    "/session": { answer: Schemas["SignedOut"] };
    /** Let administrators in by API tokens alone */
    "/sign-in/administrators": { answer: undefined };
    /** Ask no provider any more: people sign in by the codes of invitations */
    "/sign-in/provider": { answer: undefined };
    /** Remove a signing certificate and its key */
    "/signing-certificates/{id}": { answer: undefined };
    /** Delete a policy; its declarations are removed from devices a moment later */
    "/software-updates/policies/{name}": { answer: undefined };
    /** Forget a release */
    "/software-updates/releases/{platform}/{version}": { answer: undefined };
    /** Delete a rule of the token exchange */
    "/token-exchange-rules/{id}": { answer: undefined };
    /** Revoke an API token; it stays listed */
    "/tokens/{id}": { answer: undefined };
    /** Delete a webhook with its waiting messages */
    "/webhooks/{id}": { answer: undefined };
  };
};
