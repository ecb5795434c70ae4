export interface MeasuredRow {
  readonly name: string;
  readonly ours_s?: number;
  readonly peer_s?: number | null;
  readonly ratio?: number | null;
  readonly ours_value?: number;
  readonly error?: string;
  readonly [key: string]: unknown;
}

export interface Report {
  readonly rows: readonly MeasuredRow[];
  readonly [key: string]: unknown;
}

/** Every row and part, by name. */
export const names: readonly string[];

export function measureAll(settings: {
  readonly quick: boolean;
  readonly runs?: number;
  readonly peers: boolean;
  readonly wants: (name: string) => boolean;
  readonly log: (line: string) => void;
  /** Path of the report. */
  readonly write?: string;
}): Promise<Report>;
