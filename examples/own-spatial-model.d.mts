import type { RegistryAdditions } from "gammats";

declare const additions: RegistryAdditions;
export default additions;
