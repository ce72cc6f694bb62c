/** What a page is given: the names in its address. What follows `?` is `query` of the router. */
export type PageProps = { params: Readonly<Record<string, string>> };
