/** A plugin for markdown-it: blocks of code that the page can run stand in a `<live-code>`, which the browser gives a button. */

/** Code that needs Node: threads, Redis, a disk. */
const NODE_ONLY = /\b(threadsExecutor|redisExecutor|redisWorker|writePicture|svgToPng|svgToPdf|process\.|node:)/;

/** Whether a block of code is complete and can run in a page. */
export function isLive(info, code) {
  const [language, ...flags] = info.trim().split(/\s+/);
  if (language !== "ts" || flags.includes("show")) return false;
  return flags.includes("live") || (/^import .* from "gammats/m.test(code) && !NODE_ONLY.test(code));
}

export function liveBlocks(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index];
    const live = isLive(info, content);
    tokens[index].info = info.trim().split(/\s+/)[0] ?? "";
    const html = fence(tokens, index, ...rest);
    return live ? `<live-code>${html}</live-code>\n` : html;
  };
}
