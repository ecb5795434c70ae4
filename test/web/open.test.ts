import { gzipSync } from "fflate";
import { expect, it } from "vitest";
import { openFiles, pageRegistry } from "../../web/src/open.js";

const zeros = (name: string, bytes: number) => [name, gzipSync(new Uint8Array(bytes))] as const;

it("files that inflate to more than a tab holds together are refused, though each alone would do", async () => {
  const open = (maxBytes: number) =>
    openFiles([zeros("a.fits.gz", 60_000), zeros("b.fits.gz", 60_000)], pageRegistry, maxBytes);
  await expect(open(100_000)).rejects.toMatchObject({ code: "too-large", where: "b.fits.gz" });
  // enough room: what is wrong is then that these bytes are no FITS
  await expect(open(200_000)).rejects.not.toMatchObject({ code: "too-large" });
});
