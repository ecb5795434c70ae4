/** The whole page as one HTML text. */
export function buildPage(): Promise<string>;
