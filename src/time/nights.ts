import { SpecError } from "../errors.js";
import { type Span, spansOf } from "./spans.js";
import type { Gti, Timed } from "./types.js";

/**
 * One interval for each night, from its first start to its last stop. Nights are told apart by the time of day at which none of the datasets ever observes: the
 * middle of the longest such part of the day. `cut`: that time instead, in hours of the datasets' time scale.
 * @throws SpecError where a dataset observes across the hour at which days are cut.
 */
export function nightIntervals(datasets: readonly Timed[], options: { readonly cut?: number } = {}): Gti {
  const { spans, from, clock } = spansOf(datasets);
  const cut = (options.cut ?? idleHour(spans, clock)) * 3600;
  const nights = new Map<number, Span[]>();
  for (const span of spans) {
    const night = Math.floor((clock(span.start) - cut) / 86400);
    if (Math.floor((clock(span.stop) - cut) / 86400) !== night) {
      throw new SpecError(
        `nights: dataset "${datasets[span.index]!.name}" observes across ${shownHour(cut / 3600)}, where the days are cut; choose another hour, or intervals of a fixed duration`,
      );
    }
    nights.set(night, [...(nights.get(night) ?? []), span]);
  }
  const sorted = [...nights].sort(([a], [b]) => a - b);
  return from(
    sorted.map(([, all]) => [Math.min(...all.map((s) => s.start)), Math.max(...all.map((s) => s.stop))] as const),
  );
}

/** Middle [h] of the longest part of the day outside all spans. */
function idleHour(spans: readonly Span[], clock: (s: number) => number): number {
  const busy = spans
    .flatMap(({ start, stop }): [number, number][] => {
      const a = ((clock(start) % 86400) + 86400) % 86400;
      const b = a + stop - start;
      return b > 86400
        ? [
            [a, 86400],
            [0, b - 86400],
          ]
        : [[a, b]];
    })
    .sort((x, y) => x[0] - y[0]);
  let end = busy[0]![1];
  let best = { length: 0, middle: 0 };
  for (const [a, b] of [...busy.slice(1), [busy[0]![0] + 86400, 0] as const]) {
    if (a - end > best.length) best = { length: a - end, middle: (a + end) / 2 };
    end = Math.max(end, b);
  }
  if (best.length < 3600) {
    throw new SpecError(
      "nights: the datasets observe at every hour of the day, so there are no nights; choose intervals of a fixed duration",
    );
  }
  return (best.middle % 86400) / 3600;
}

const shownHour = (hours: number): string => {
  const minutes = Math.round((((hours % 24) + 24) % 24) * 60) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
};
