/** What a file holds: text for people, data for machines. */
export interface Content {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}
