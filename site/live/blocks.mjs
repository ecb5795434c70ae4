/** A plugin for markdown-it: blocks of code that the page can run stand in a `<live-code>`, which the browser gives a button. */

/** Code that needs Node: threads, Redis, a disk. */
const NODE_ONLY = /\b(threadsExecutor|redisExecutor|redisWorker|writePicture|svgToPng|svgToPdf)\b|process\.|node:/;

/** Language and flags behind the marks that begin a block. */
const infoOf = ({ info }) => {
  const [language = "", ...flags] = info.trim().split(/\s+/);
  return { language, flags };
};

/** The code that comes before this block on its page, if it goes on from there; null where the block cannot run in a page. */
export function codeBefore(blocks, index) {
  const { language, flags } = infoOf(blocks[index]);
  if (language !== "ts" || flags.includes("show") || flags.includes("node") || NODE_ONLY.test(blocks[index].content))
    return null;
  if (!flags.includes("more")) return /^import [^;]* from "gammats/m.test(blocks[index].content) ? "" : null;
  for (let i = index - 1; i >= 0; i--) {
    if (infoOf(blocks[i]).language !== "ts" || infoOf(blocks[i]).flags.includes("show")) continue;
    const before = codeBefore(blocks, i);
    return before === null ? null : `${before}${blocks[i].content}\n`;
  }
  return null;
}

export function liveBlocks(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const blocks = tokens.filter(({ type }) => type === "fence");
    const before = codeBefore(blocks, blocks.indexOf(tokens[index]));
    const plain = [...tokens];
    plain[index] = Object.assign(Object.create(Object.getPrototypeOf(tokens[index])), tokens[index], {
      info: infoOf(tokens[index]).language,
    });
    const html = fence(plain, index, ...rest);
    if (before === null) return html;
    return `<live-code data-before="${encodeURIComponent(before)}">${html}</live-code>\n`;
  };
}
