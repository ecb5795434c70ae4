/** The page. */
import { type CommandSpec, OVERWRITE } from "../declaration.js";

export const appCommands: readonly CommandSpec[] = [
  {
    name: "app",
    about: "the page in which analyses are fitted in a browser; files that it opens stay on this machine",
    options: [
      ["--port <n>", "on this machine; default: one that is free"],
      ["--no-open", "only print the address"],
      ["--out <file>", "write the page as one HTML file instead, which opens from the disk or from any web server"],
      OVERWRITE,
    ],
    examples: ["gammats app", "gammats app --out gammats.html"],
    load: () => import("../commands/app.js"),
  },
];
