/** The config.yaml of Gammapy's Analysis as options of `gammats reduce` and `gammats analyse`. */
import { SpecError } from "../../errors.js";
import type { ReduceOptions } from "./settings.js";

/** What `analyse` measures, beside what the reduction is told. */
export interface AnalyseOptions {
  readonly fitRange?: string;
  readonly pointEdges?: string;
  readonly source?: string;
}

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
  const left = new Map(leaves(config));
  const take = (path: string): string | undefined => {
    const value = left.get(path);
    left.delete(path);
    return value === undefined || value === null ? undefined : String(value);
  };
  const range = (path: string): string | undefined => {
    const [min, max] = [take(`${path}.min`), take(`${path}.max`)];
    return min === undefined || max === undefined ? undefined : `${min},${max}`;
  };
  const placeAt = (path: string): string | undefined => {
    const [frame = "icrs", lon, lat] = [take(`${path}.frame`), take(`${path}.lon`), take(`${path}.lat`)];
    return lon === undefined || lat === undefined ? undefined : `${degrees(lon)} ${degrees(lat)} ${frame}`;
  };
  const refuse = (path: string, found: string, expected: string): never => {
    throw new SpecError({ where: `${where}: ${path}`, found, expected });
  };

  const type = take("datasets.type") ?? "1d";
  const isMap = type === "3d";
  const [onRegion, sky] = [placeAt("datasets.on_region"), placeAt("datasets.geom.wcs.skydir")];
  const target = (isMap ? sky : undefined) ?? onRegion ?? sky;
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
    onNote(`${where}: datasets.containment_correction is false, and the exposure is that of the region all the same`);
  }
  const exclusion = take("datasets.background.exclusion");
  if (exclusion !== undefined && /\.fits(\.gz)?$/i.test(exclusion)) {
    refuse("datasets.background.exclusion", exclusion, 'regions, as --exclude takes them; add "--exclude REGIONS"');
  }
  if (kept === "fov" && exclusion === undefined) {
    onNote(
      `${where}: datasets.background.exclusion is null, so that the source raises the norm of the background; --exclude leaves it out`,
    );
  }
  const [start, stop] = [take("observations.obs_time.start"), take("observations.obs_time.stop")];
  if ((start ?? stop) !== undefined) {
    refuse("observations.obs_time", `${start}, ${stop}`, 'null, and the option --time "53343,53344" (MJD) instead');
  }
  if (take("observations.obs_file") !== undefined) {
    refuse("observations.obs_file", "a file", "null, and the option --ids instead");
  }
  const ids = list(left, "observations.obs_ids").join(",");
  const cone = placeAt("observations.obs_cone");
  const coneRadius = take("observations.obs_cone.radius");
  const [width, height] = [take("datasets.geom.wcs.width.width"), take("datasets.geom.wcs.width.height")];
  if (isMap && width !== height) refuse("datasets.geom.wcs.width", `${width} x ${height}`, "a square");
  const offsetMax = take("datasets.geom.selection.offset_max");
  const onRadius = take("datasets.on_region.radius");
  const binsize = take("datasets.geom.wcs.binsize");
  const [energy, energyTrue] = ["energy", "energy_true"].map((axis) => ({
    range: range(`datasets.geom.axes.${axis}`),
    bins: take(`datasets.geom.axes.${axis}.nbins`),
  })) as [Partial<Record<"range" | "bins", string>>, Partial<Record<"range" | "bins", string>>];
  const stack = take("datasets.stack");
  const fitRange = range("fit.fit_range");
  const points = { range: range("flux_points.energy"), bins: take("flux_points.energy.nbins") };
  const source = take("flux_points.source");
  const masks = safeMask(left, take, isMap ? offsetMax : undefined, refuse);

  const unused = [...left].filter(([path, value]) => value !== null && !IDLE.some((idle) => idle.test(path)));
  if (unused.length > 0) onNote(`${where}: not used: ${unused.map(([path]) => path).join(", ")}`);
  return pruned({
    geometry: isMap ? "map" : "spectrum",
    target,
    ids: ids === "" ? undefined : ids,
    cone: cone !== undefined && coneRadius !== undefined ? `${cone} ${degrees(coneRadius)}` : undefined,
    background: kept ?? "response",
    ...(energy.range !== undefined && energy.bins !== undefined && energy),
    ...(energyTrue.range !== undefined &&
      energyTrue.bins !== undefined && { trueRange: energyTrue.range, trueBins: energyTrue.bins }),
    safeMask: masks,
    // ours leaves out the target unless told otherwise
    exclude: exclusion === undefined ? (kept === "fov" ? [] : undefined) : [exclusion],
    radius: onRadius,
    stack: stack === undefined ? true : stack === "true",
    // Gammapy's Analysis makes its maps so
    ...(isMap && { width, binsz: binsize, proj: "CAR" }),
    fitRange,
    pointEdges: edgesOfRange(points),
    source: source === "source" ? undefined : source,
  });
}

type Take = (path: string) => string | undefined;

/** `datasets.safe_mask` in the words of --safe-mask. */
function safeMask(
  left: Map<string, unknown>,
  take: Take,
  offsetMax: string | undefined,
  refuse: (path: string, found: string, expected: string) => never,
): string {
  const methods = list(left, "datasets.safe_mask.methods");
  const parameter = (name: string) => take(`datasets.safe_mask.parameters.${name}`);
  const [aeff, bias, offset] = [parameter("aeff_percent"), parameter("bias_percent"), parameter("offset_max")];
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
  if (offsetMax !== undefined && !methods.includes("offset-max")) rules.push(`offset-max=${degrees(offsetMax)}`);
  return rules.join(",");
}

/** "0.11 deg" as "0.11". */
const degrees = (text: string): string => text.replace(/\s*deg$/, "").trim();

/** Logarithmic edges: "1 TeV,2 TeV,4 TeV". */
function edgesOfRange({ range, bins }: Partial<Record<"range" | "bins", string>>): string | undefined {
  if (range === undefined || bins === undefined) return undefined;
  const [low, high] = range.split(",").map((text) => /^\s*([-+.\deE]+)\s*(\S+)\s*$/.exec(text));
  const n = Number(bins);
  if (low === null || high === null || low?.[2] !== high?.[2] || !(n >= 1)) return undefined;
  const [a, b] = [Number(low![1]), Number(high![1])];
  return Array.from({ length: n + 1 }, (_, k) => `${a * (b / a) ** (k / n)} ${low![2]}`).join(",");
}

function list(left: Map<string, unknown>, path: string): string[] {
  const found = [...left.keys()].filter((key) => key === path || key.startsWith(`${path}[`));
  const values = found.map((key) => left.get(key));
  for (const key of found) left.delete(key);
  return values.filter((value) => value !== null).map(String);
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
