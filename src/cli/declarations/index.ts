import type { CommandSpec } from "../declaration.js";
import { appCommands } from "./app.js";
import { errorCommands } from "./errors.js";
import { eventCommands } from "./events.js";
import { fileCommands } from "./files.js";
import { fitCommands } from "./fits.js";
import { machineCommands } from "./machine.js";
import { mapCommands } from "./maps.js";
import { toyCommands } from "./toys.js";

export const commands: readonly CommandSpec[] = [
  ...fitCommands,
  ...mapCommands,
  ...errorCommands,
  ...toyCommands,
  ...eventCommands,
  ...fileCommands,
  ...appCommands,
  ...machineCommands,
];
