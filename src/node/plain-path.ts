/** Paths of this system as the rest of GammaTS has them. */

/** `C:\\data\\x.fits` of Windows is `C:/data/x.fits`, which Windows takes too; on other systems a backslash is a letter. */
export const plainPath = (path: string, platform: string = process.platform): string =>
  platform === "win32" ? path.replaceAll("\\", "/") : path;
