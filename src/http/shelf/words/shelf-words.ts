/** What the self-service page says, in one language. */
export type ShelfWords = {
  locale: string;
  title: (organization: string) => string;
  heading: string;
  /** `device`: how the device is called, or its model. */
  intro: (organization: string, device: string) => string;
  thisDevice: string;
  empty: string;
  kinds: { profile: string; declaration: string; app: string };
  states: {
    available: string;
    installing: (since: string) => string;
    waiting_for_licence: string;
    waiting_for_person: string;
    installed: string;
    failed: string;
    not_applicable: string;
    removing: (since: string) => string;
  };
  /** What helps, under the state. */
  help: {
    installing: string;
    waiting_for_licence: string;
    waiting_for_person: string;
    failed: string;
    not_applicable: string;
    removing: string;
  };
  install: string;
  remove: string;
  cancel: string;
  /** Of what; for people who hear the button alone. */
  of: (button: string, name: string) => string;
  again: string;
  reloads: string;
  contact: string;
  link: { title: string; why: string; next: string };
  notOffered: { title: string; why: string; next: string };
  elsewhere: { title: string; why: string; next: string };
  busy: { title: string; why: string; next: string };
  fault: { title: string; why: string; next: string };
  back: string;
};
