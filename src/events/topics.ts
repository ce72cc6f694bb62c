/** A topic is the name of an event, the beginning of names with a star (`command.*`), or a star alone. */
export const topicForm = /^(\*|[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*(\.\*)?)$/;

export const isWanted = (topics: readonly string[], name: string): boolean =>
  topics.some((topic) => (topic.endsWith("*") ? name.startsWith(topic.slice(0, -1)) : topic === name));
