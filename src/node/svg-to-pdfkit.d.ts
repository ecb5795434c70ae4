declare module "svg-to-pdfkit" {
  /** Draws an SVG document at (x, y) of a pdfkit document; the callback names the registered font of every text. */
  export default function drawSvg(
    pdf: PDFKit.PDFDocument,
    svg: string,
    x: number,
    y: number,
    options?: { fontCallback?: () => string; warningCallback?: (message: string) => void },
  ): void;
}
