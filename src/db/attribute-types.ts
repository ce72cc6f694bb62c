/** Apart from the table, for those who have no database: the command line checks files with them. */
export const attributeTypes = ["text", "number", "date", "choice", "yes-no"] as const;
