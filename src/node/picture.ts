/**
 * Pictures as files: SVG to PNG and PDF, drawn with the DejaVu fonts of the package and none of the system's, so that a
 * picture looks the same everywhere. The drawing packages are loaded at the first picture.
 */
import { createRequire } from "node:module";
import { SpecError, UnsupportedError } from "../errors.js";

const { resolve } = createRequire(import.meta.url);

/** Packages that draw, which users install if they want such pictures. */
const PACKAGES = {
  png: ["@resvg/resvg-js", "dejavu-fonts-ttf"],
  pdf: ["pdfkit", "svg-to-pdfkit", "dejavu-fonts-ttf"],
} as const;

/** What has to be installed for pictures of a format; empty if all is there. */
export function missingFor(format: keyof typeof PACKAGES): string {
  return PACKAGES[format]
    .filter((name) => {
      try {
        resolve(`${name}/package.json`);
        return false;
      } catch (error) {
        // a package may keep its package.json to itself
        return (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";
      }
    })
    .join(" ");
}

function requirePackages(format: keyof typeof PACKAGES): void {
  const missing = missingFor(format);
  if (missing === "") return;
  throw new UnsupportedError(
    `picture: ${format.toUpperCase()} needs packages that are not installed: npm install ${missing}; or take SVG, which needs none`,
  );
}

const fontFile = (name: string): string => resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

/** Width and height of the paper, px, from the root element. */
function paperOf(svg: string): { width: number; height: number } {
  const root = /<svg\b[^>]*>/.exec(svg)?.[0] ?? "";
  const size = (name: string) => Number(new RegExp(`\\s${name}="([\\d.]+)(?:px)?"`).exec(root)?.[1]);
  const [width, height] = [size("width"), size("height")];
  if (!(width > 0 && height > 0)) {
    throw new SpecError(
      "picture: no <svg> element with width and height in px; pass the string that a plot function gives",
    );
  }
  return { width, height };
}

/**
 * A PNG of `scale` times the size in px; 2 unless told, which prints 640 px on 17 cm at 190 dpi.
 * @throws SpecError where the scale is not positive or the picture too large.
 */
export async function svgToPng(svg: string, options: { scale?: number } = {}): Promise<Uint8Array> {
  const { scale = 2 } = options;
  requirePackages("png");
  const { width, height } = paperOf(svg);
  if (!(scale > 0) || width * height * scale * scale > 2e8) {
    throw new SpecError(
      `svgToPng: scale ${scale} of ${width} x ${height} px; expected a positive scale and at most 200 megapixels`,
    );
  }
  const { renderAsync } = await import("@resvg/resvg-js");
  const font = { loadSystemFonts: false, fontFiles: [fontFile("DejaVuSans")], defaultFontFamily: "DejaVu Sans" };
  const image = await renderAsync(svg, { font, fitTo: { mode: "zoom", value: scale } });
  return new Uint8Array(image.asPng());
}

/** One page of the picture's size (a px is 0.75 pt), with text as text. */
export async function svgToPdf(svg: string): Promise<Uint8Array> {
  requirePackages("pdf");
  const { width, height } = paperOf(svg);
  const [{ default: PDFDocument }, { default: drawSvg }] = await Promise.all([
    import("pdfkit"),
    import("svg-to-pdfkit"),
  ]);
  const size: [number, number] = [width * 0.75, height * 0.75];
  const title = /<title>([^<]*)<\/title>/.exec(svg)?.[1] ?? "";
  // A fixed date: the same picture is the same file.
  const info = { Title: title, Creator: "GammaTS", CreationDate: new Date(0) };
  const pdf = new PDFDocument({ size, margin: 0, info });
  pdf.registerFont("DejaVu Sans", fontFile("DejaVuSans"));
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    pdf.on("data", (chunk: Uint8Array) => void chunks.push(chunk));
    pdf.on("end", resolve);
    pdf.on("error", reject);
  });
  drawSvg(pdf, svg, 0, 0, { fontCallback: () => "DejaVu Sans" });
  pdf.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}
