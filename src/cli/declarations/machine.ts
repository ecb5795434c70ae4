/** Commands about this machine and this program. */
import { type CommandSpec, OUT_FILE, OVERWRITE } from "../declaration.js";

export const machineCommands: readonly CommandSpec[] = [
  {
    name: "doctor",
    about: "what GammaTS finds on this machine: versions, data, memory, threads, optional packages",
    options: [["--executor <url>", "a Redis server to look for: redis://HOST:PORT"], OUT_FILE, OVERWRITE],
    tables: { names: ["checks"] },
    examples: ["gammats doctor", "gammats doctor --json"],
    load: () => import("../commands/doctor.js"),
  },
  {
    name: "completion",
    about: "completion of commands, options and files for a shell",
    args: [["<shell>", "bash, zsh or fish"]],
    examples: ["gammats completion bash", "gammats completion zsh", "gammats completion fish"],
    load: () => import("../commands/completion.js"),
  },
];
