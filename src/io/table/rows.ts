/** Columns from objects, one a row. */
import { logicals, numbers, texts } from "./columns.js";
import type { LogicalColumn, NumberColumn, TextColumn } from "./types.js";

type Size<R> = (row: R) => number | null | undefined;

interface NumberSettings<R> extends Pick<NumberColumn, "about" | "tex" | "inTex" | "unit" | "decimals"> {
  readonly units?: (row: R) => string;
  readonly err?: Size<R> | undefined;
  readonly errn?: Size<R> | undefined;
  readonly errp?: Size<R> | undefined;
  readonly scale?: Size<R>;
  readonly reason?: string | ((row: R) => string);
}

type TextSettings<R> = Pick<TextColumn, "about" | "tex" | "inTex"> & { readonly asTex?: (row: R) => string };

/** Makers of columns, each from what it picks of a row; null and undefined are missing numbers. */
export function columnsOf<R>(rows: readonly R[]) {
  const number = (name: string, pick: Size<R>, settings: NumberSettings<R> & Pick<NumberColumn, "whole"> = {}) => {
    const { units, err, errn, errp, scale, reason, ...more } = settings;
    return numbers(name, rows.map(pick), {
      ...more,
      ...(units && { units: rows.map(units) }),
      ...(reason !== undefined && { reason: typeof reason === "string" ? reason : rows.map(reason) }),
      err: err && rows.map(err),
      errn: errn && rows.map(errn),
      errp: errp && rows.map(errp),
      scale: scale && rows.map(scale),
    });
  };
  return {
    number,
    whole: (name: string, pick: Size<R>, settings: NumberSettings<R> = {}): NumberColumn =>
      number(name, pick, { ...settings, whole: true }),
    text: (name: string, pick: (row: R) => string, { asTex, ...more }: TextSettings<R> = {}): TextColumn =>
      texts(name, rows.map(pick), { ...more, ...(asTex && { texValues: rows.map(asTex) }) }),
    logical: (
      name: string,
      pick: (row: R) => boolean,
      more: Pick<LogicalColumn, "about" | "tex" | "inTex"> = {},
    ): LogicalColumn => logicals(name, rows.map(pick), more),
  };
}
