/** What the page's first script leaves: the engine as a script, and the thread that it started. */
declare const engineUrl: string;
declare const firstEngine: Worker;
