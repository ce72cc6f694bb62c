/** The states and kinds of devices, as answers and filters name them. */
export const states = ["pending", "enrolled", "unenrolled", "erased"] as const;
export const kinds = ["device", "ade", "account_device", "user"] as const;
