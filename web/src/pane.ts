/**
 * Shows pictures of ours, one after the other, in an element. A step of a slider moves a curve and leaves axes and points as they are, so only
 * the attributes that differ from those shown are set; where the pictures differ in more, the new one takes the place of the old.
 */
export function svgPane(pane: Element): (svg: string) => void {
  let shown: readonly string[] = [];
  let elements: readonly Element[] = [];
  return (svg) => {
    const tags = svg.split("<");
    if (!moved(elements, shown, tags)) {
      pane.innerHTML = svg;
      elements = Array.from(pane.querySelectorAll("*"));
    }
    shown = tags;
  };
}

/** Both as text between "<" and "<". False if they differ in more than attributes; the elements are then in between. */
function moved(elements: readonly Element[], from: readonly string[], to: readonly string[]): boolean {
  if (from.length !== to.length) return false;
  for (let i = 0, k = 0; i < to.length; i++) {
    const opens = to[i] !== "" && !to[i]!.startsWith("/");
    if (to[i] !== from[i] && !(opens && changed(elements[k]!, from[i]!, to[i]!))) return false;
    if (opens) k++;
  }
  return true;
}

const ATTRIBUTE = / ([\w:-]+)="([^"]*)"/g;

function changed(element: Element, from: string, to: string): boolean {
  // what is left without the values: name, attributes, text. A character reference would have to be read first.
  const frame = (tag: string) => tag.replace(ATTRIBUTE, " $1");
  if (frame(from) !== frame(to) || to.includes("&")) return false;
  const before = from.matchAll(ATTRIBUTE);
  for (const [, name, value] of to.matchAll(ATTRIBUTE)) {
    if (before.next().value?.[2] !== value) element.setAttribute(name!, value!);
  }
  return true;
}
