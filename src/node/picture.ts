/**
 * Pictures as files: SVG to PNG and PDF, drawn with the DejaVu fonts of the package, or with a file that is given, and none of the
 * system's, so that a picture looks the same everywhere. The drawing packages are loaded at the first picture.
 */
import { createRequire } from "node:module";
import { SpecError, UnsupportedError } from "../errors.js";
import { isMeasured } from "../plot/text.js";
import { type Font, readFont } from "./font.js";

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

const standardFont = (): string => resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");

/** Width and height of the paper, px, from the root element. */
function paperOf(svg: string): { width: number; height: number } {
  const root = /<svg\b[^>]*>/.exec(svg)?.[0] ?? "";
  const size = (name: string) => {
    const [, number, unit] = new RegExp(`\\s${name}="([\\d.]+)(px|mm)?"`).exec(root) ?? [];
    return Number(number) * (unit === "mm" ? 96 / 25.4 : 1);
  };
  const [width, height] = [size("width"), size("height")];
  if (!(width > 0 && height > 0)) {
    throw new SpecError(
      "picture: no <svg> element with width and height in px; pass the string that a plot function gives",
    );
  }
  return { width, height };
}

/** The font that a picture is drawn with. */
export interface FontOption {
  /** File (.ttf, .otf, .ttc) of the font that the style names, or, where it names none, of one for characters that DejaVu Sans has not. */
  readonly fontFile?: string | undefined;
}

interface Fonts {
  readonly svg: string;
  readonly files: string[];
  /** The one file that has all characters. */
  readonly whole: string;
}

const DEJAVU = "DejaVu Sans";

/** The files of the fonts that a picture needs, all characters of which are in them. */
async function fontsOf(svg: string, { fontFile }: FontOption): Promise<Fonts> {
  const standard = standardFont();
  const first = /\sfont-family="([^",]*)/.exec(svg)?.[1] ?? DEJAVU;
  const isStandard = first === DEJAVU;
  if (!isStandard && fontFile === undefined) {
    throw new UnsupportedError(
      `picture: PNG and PDF in ${first} need the file of that font; name it (font_file of a style, --font-file), or take SVG`,
    );
  }
  const rare = rareCharacters(svg);
  if (rare.length === 0 && fontFile === undefined) return { svg, files: [standard], whole: standard };
  const [usual, given] = await Promise.all([
    readFont(standard),
    fontFile === undefined ? undefined : readFont(fontFile),
  ]);
  const lacking = (font: Font | undefined) => rare.filter((c) => !font?.has(c.codePointAt(0)!));
  const missing = lacking(usual).filter((c) => lacking(given).includes(c));
  if (missing.length > 0) {
    const where = fontFile === undefined ? DEJAVU : `neither ${DEJAVU} nor ${fontFile}`;
    throw new UnsupportedError(
      `picture: ${where} has ${fontFile === undefined ? "not " : ""}"${missing.slice(0, 10).join("")}"; give the file of a font that has ${missing.length > 1 ? "these characters" : "this character"} (font_file of a style, --font-file), or take SVG, which is shown with the reader's fonts`,
    );
  }
  const files = fontFile === undefined ? [standard] : [fontFile, standard];
  const isWhole = fontFile === undefined || (isStandard && lacking(usual).length === 0);
  // whatever the style calls it, the file says its name
  const named = isStandard ? svg : svg.replace(/\sfont-family="[^"]*"/, ` font-family="${given!.family}, ${DEJAVU}"`);
  return { svg: named, files, whole: isWhole ? standard : fontFile! };
}

/** Characters of a picture beyond those whose widths are known, which are all in DejaVu Sans. */
function rareCharacters(svg: string): string[] {
  const found = new Set<string>();
  for (const [, text] of svg.replace(/<title>[^<]*<\/title>/, "").matchAll(/>([^<]+)</g)) {
    for (const c of text!) if (!isMeasured(c)) found.add(c);
  }
  return [...found].filter((c) => c.trim() !== "");
}

/** 300 dots an inch on paper in mm; twice the px of a screen. */
const standardScale = (svg: string) => (/\swidth="[\d.]+mm"/.test(svg) ? 300 / 96 : 2);

/**
 * A PNG of `scale` times the size in px; unless told 2, which prints 640 px on 17 cm at 190 dpi, and 300 dpi of a picture whose size is in mm.
 * @throws SpecError where the scale is not positive or the picture too large.
 * @throws UnsupportedError where a package or a font is missing.
 */
export async function svgToPng(svg: string, options: { scale?: number } & FontOption = {}): Promise<Uint8Array> {
  const { scale = standardScale(svg) } = options;
  requirePackages("png");
  const { width, height } = paperOf(svg);
  if (!(scale > 0) || width * height * scale * scale > 2e8) {
    throw new SpecError(
      `svgToPng: scale ${scale} of ${width} x ${height} px; expected a positive scale and at most 200 megapixels`,
    );
  }
  const { renderAsync } = await import("@resvg/resvg-js");
  const fonts = await fontsOf(svg, options);
  const font = { loadSystemFonts: false, fontFiles: fonts.files, defaultFontFamily: DEJAVU };
  const image = await renderAsync(fonts.svg, { font, fitTo: { mode: "zoom", value: scale } });
  return new Uint8Array(image.asPng());
}

/** One page of the picture's size (a px is 0.75 pt), with text as text. */
export async function svgToPdf(svg: string, options: FontOption = {}): Promise<Uint8Array> {
  requirePackages("pdf");
  const { whole } = await fontsOf(svg, options);
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
  pdf.registerFont(DEJAVU, whole);
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    pdf.on("data", (chunk: Uint8Array) => void chunks.push(chunk));
    pdf.on("end", resolve);
    pdf.on("error", reject);
  });
  drawSvg(pdf, svg, 0, 0, { fontCallback: () => DEJAVU });
  pdf.end();
  await done;
  return new Uint8Array(Buffer.concat(chunks));
}
