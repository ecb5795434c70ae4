/** Characters that terminals obey (escape sequences, changes of the direction of writing), apart from tabs and ends of lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const OBEYED = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g;

/** Text as a terminal may show it, whoever chose the names in it: as \u001b, which is right inside of JSON too. */
export const visible = (text: string): string =>
  text.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
