/** The config.yaml of Gammapy's Analysis as options of `gammats reduce` and `gammats analyse`. */
import { SpecError } from "../../errors.js";
import type { AnalyseOptions, ReduceOptions } from "./options.js";

/** Settings that mean nothing here, or what we do anyway. */
const IDLE = [
  /^general\./,
  /^metadata\./,
  /^observations\.(datastore|required_irf)/,
  /^datasets\.map_selection/,
  /^datasets\.geom\.wcs\.binsize_irf$/,
  /^excess_map\./,
  /^light_curve\./,
  /^flux_points\.parameters/,
];

/**
 * The options that do what a Gammapy configuration says; what is used otherwise, or not at all, is told by `onNote`.
 * @param config the mapping of the YAML text, without its types
 * @throws SpecError where it asks for something that is not done here.
 */
export function gammapyOptions(
  config: unknown,
  where: string,
  onNote: (note: string) => void,
): ReduceOptions & AnalyseOptions {
  const settings = openSettings(config, where);
  const note = (text: string) => onNote(`${where}: ${text}`);
  const isMap = (settings.take("datasets.type") ?? "1d") === "3d";
  const options = {
    ...observations(settings),
    ...geometry(settings, isMap),
    ...background(settings, isMap, note),
    ...measured(settings),
  };
  const unused = settings.unused();
  if (unused.length > 0) note(`not used: ${unused.join(", ")}`);
  return pruned(options);
}

/** What is left of a configuration, by path; what is taken is used. */
interface Settings {
  take(path: string): string | undefined;
  list(path: string): string[];
  /** "1 TeV,10 TeV" */
  range(path: string): string | undefined;
  /** "83.63 22.01 icrs" */
  place(path: string): string | undefined;
  refuse(path: string, found: string, expected: string): never;
  unused(): string[];
}

function openSettings(config: unknown, where: string): Settings {
  const left = new Map(leaves(config));
  const take = (path: string): string | undefined => {
    const value = left.get(path);
    left.delete(path);
    return value === undefined || value === null ? undefined : String(value);
  };
  return {
    take,
    list(path) {
      const keys = [...left.keys()].filter((key) => key === path || key.startsWith(`${path}[`));
      return keys.flatMap((key) => take(key) ?? []);
    },
    range(path) {
      const [min, max] = [take(`${path}.min`), take(`${path}.max`)];
      return min === undefined || max === undefined ? undefined : `${min},${max}`;
    },
    place(path) {
      const [frame = "icrs", lon, lat] = [take(`${path}.frame`), take(`${path}.lon`), take(`${path}.lat`)];
      return lon === undefined || lat === undefined ? undefined : `${degrees(lon)} ${degrees(lat)} ${frame}`;
    },
    refuse(path, found, expected) {
      throw new SpecError({ where: `${where}: ${path}`, found, expected });
    },
    unused: () =>
      [...left].flatMap(([path, value]) => (value === null || IDLE.some((idle) => idle.test(path)) ? [] : [path])),
  };
}

function observations({ take, list, place, refuse }: Settings) {
  const [start, stop] = [take("observations.obs_time.start"), take("observations.obs_time.stop")];
  if ((start ?? stop) !== undefined) {
    refuse("observations.obs_time", `${start}, ${stop}`, 'null, and the option --time "53343,53344" (MJD) instead');
  }
  if (take("observations.obs_file") !== undefined) {
    refuse("observations.obs_file", "a file", "null, and the option --ids instead");
  }
  const ids = list("observations.obs_ids");
  const [cone, radius] = [place("observations.obs_cone"), take("observations.obs_cone.radius")];
  return {
    ids: ids.length === 0 ? undefined : ids.join(","),
    cone: cone !== undefined && radius !== undefined ? `${cone} ${degrees(radius)}` : undefined,
  };
}

function geometry({ take, range, place, refuse }: Settings, isMap: boolean) {
  const [onRegion, sky] = [place("datasets.on_region"), place("datasets.geom.wcs.skydir")];
  const [width, height] = [take("datasets.geom.wcs.width.width"), take("datasets.geom.wcs.width.height")];
  if (isMap && width !== height) refuse("datasets.geom.wcs.width", `${width} x ${height}`, "a square");
  const binsz = take("datasets.geom.wcs.binsize");
  const axis = (name: string) => [range(`datasets.geom.axes.${name}`), take(`datasets.geom.axes.${name}.nbins`)];
  const [[energies, bins], [trueRange, trueBins]] = [axis("energy"), axis("energy_true")] as const;
  const stack = take("datasets.stack");
  return {
    geometry: isMap ? "map" : "spectrum",
    target: (isMap ? sky : undefined) ?? onRegion ?? sky,
    radius: take("datasets.on_region.radius"),
    ...(energies !== undefined && bins !== undefined && { range: energies, bins }),
    ...(trueRange !== undefined && trueBins !== undefined && { trueRange, trueBins }),
    stack: stack === undefined ? true : stack === "true",
    // Gammapy's Analysis makes its maps so
    ...(isMap && { width, binsz, proj: "CAR" }),
  };
}

function background(settings: Settings, isMap: boolean, note: (text: string) => void) {
  const { take, refuse } = settings;
  const method = take("datasets.background.method");
  const kept = { reflected: "reflected", fov_background: "fov" }[method ?? ""];
  if (method !== undefined && kept === undefined) {
    refuse(
      "datasets.background.method",
      method,
      "reflected or fov_background; rings: make the maps without, then gammats excess-map --ring",
    );
  }
  if (take("datasets.containment_correction") === "false" && !isMap) {
    note("datasets.containment_correction is false, and the exposure is that of the region all the same");
  }
  const exclusion = take("datasets.background.exclusion");
  if (exclusion !== undefined && /\.fits(\.gz)?$/i.test(exclusion)) {
    refuse("datasets.background.exclusion", exclusion, 'regions, as --exclude takes them; add "--exclude REGIONS"');
  }
  if (kept === "fov" && exclusion === undefined) {
    note(
      "datasets.background.exclusion is null, so that the source raises the norm of the background; --exclude leaves it out",
    );
  }
  return {
    background: kept ?? "response",
    // ours leaves out the target unless told otherwise
    exclude: exclusion === undefined ? (kept === "fov" ? [] : undefined) : [exclusion],
    safeMask: safeMask(settings, isMap),
  };
}

/** `datasets.safe_mask` in the words of --safe-mask. */
function safeMask({ take, list, refuse }: Settings, isMap: boolean): string {
  const methods = list("datasets.safe_mask.methods");
  const [aeff, bias, offset] = ["aeff_percent", "bias_percent", "offset_max"].map((name) =>
    take(`datasets.safe_mask.parameters.${name}`),
  );
  const rules = (methods.length === 0 ? ["aeff-default"] : methods).map((method) => {
    switch (method) {
      case "aeff-max":
        return `aeff-max=${aeff ?? "10"}`;
      case "edisp-bias":
        return `edisp-bias=${bias ?? "10"}`;
      case "offset-max":
        return `offset-max=${degrees(offset ?? "3 deg")}`;
      case "aeff-default":
      case "bkg-peak":
        return method;
      default:
        return refuse(
          "datasets.safe_mask.methods",
          method,
          "aeff-max, edisp-bias, offset-max, aeff-default or bkg-peak",
        );
    }
  });
  const offsetMax = take("datasets.geom.selection.offset_max");
  if (isMap && offsetMax !== undefined && !methods.includes("offset-max")) {
    rules.push(`offset-max=${degrees(offsetMax)}`);
  }
  return rules.join(",");
}

function measured({ take, range }: Settings) {
  const source = take("flux_points.source");
  return {
    fitRange: range("fit.fit_range"),
    pointEdges: edgesOfRange(range("flux_points.energy"), take("flux_points.energy.nbins")),
    source: source === "source" ? undefined : source,
  };
}

/** "0.11 deg" as "0.11". */
const degrees = (text: string): string => text.replace(/\s*deg$/, "").trim();

/** Logarithmic edges: "1 TeV,2 TeV,4 TeV". */
function edgesOfRange(range: string | undefined, bins: string | undefined): string | undefined {
  if (range === undefined || bins === undefined) return undefined;
  const [low, high] = range.split(",").map((text) => /^\s*([-+.\deE]+)\s*(\S+)\s*$/.exec(text));
  const n = Number(bins);
  if (low === null || high === null || low?.[2] !== high?.[2] || !(n >= 1)) return undefined;
  const [a, b] = [Number(low![1]), Number(high![1])];
  return Array.from({ length: n + 1 }, (_, k) => `${a * (b / a) ** (k / n)} ${low![2]}`).join(",");
}

/** Scalars by their path: "datasets.geom.axes.energy.min", "observations.obs_ids[0]". */
function leaves(value: unknown, path = ""): [string, unknown][] {
  if (value === null || typeof value !== "object") return [[path, value]];
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  return Array.isArray(value)
    ? value.flatMap((one, k) => leaves(one, `${path}[${k}]`))
    : Object.entries(value).flatMap(([key, one]) => leaves(one, at(key)));
}

const pruned = <T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
