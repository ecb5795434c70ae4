/** The page on a server of this machine alone. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SpecError } from "../errors.js";

/** A page that is served. */
export interface ServedPage {
  /** Its address, `http://127.0.0.1:<port>/`. */
  readonly url: string;
  /** Resolves once the port is free again. */
  close(): Promise<void>;
}

/**
 * Serves one HTML page on the loopback interface, to who asks for it by this machine's own name (a foreign name that points here is refused), until `close`.
 * `port`: 0, the default, takes one that is free.
 * @throws SpecError where the port is taken or not allowed.
 */
export async function servePage(page: string | Uint8Array, port = 0): Promise<ServedPage> {
  if (!(Number.isInteger(port) && port >= 0 && port < 2 ** 16)) {
    throw new SpecError({ where: "port", found: String(port), expected: "a whole number from 0 to 65535" });
  }
  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo;
    if (![`127.0.0.1:${own}`, `localhost:${own}`].includes(request.headers.host ?? "")) {
      response.writeHead(403).end();
    } else if (request.method !== "GET" || request.url !== "/") {
      response.writeHead(404).end();
    } else {
      response.setHeader("cache-control", "no-store");
      response.setHeader("content-type", "text/html; charset=utf-8").end(page);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) => {
      reject(new SpecError(`port ${port} cannot be used (${code}); leave it out to take one that is free`));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
