import type { Rolldown } from "tsdown";

export declare function licenses(): Rolldown.Plugin;
