export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/** The whole page as one HTML text. */
export function buildPage(): Promise<string>;
/** Serves the page on the loopback interface; port 0 takes a free one. */
export function servePage(page: string, port?: number): Promise<ServedPage>;
