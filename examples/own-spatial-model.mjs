/** A King profile, a spatial model of one's own: gammats models KingSpatialModel --plugin own-spatial-model.mjs */
const degree = Math.PI / 180;

const kingSpatial = {
  type: "KingSpatialModel",
  tag: "king",
  about: "King profile: a core, and wings of a power law",
  latex: String.raw`\frac{1 - 1/\gamma}{2 \pi \sigma^2} \left(1 + \frac{\theta^2}{2 \gamma \sigma^2}\right)^{-\gamma}`,
  // in the order of p; units of the inside: TeV, cm, s, deg, sr
  parameters: {
    lon_0: { unit: "deg", value: 0, about: "longitude of the centre" },
    lat_0: { unit: "deg", value: 0, min: -90, max: 90, about: "latitude of the centre" },
    sigma: { unit: "deg", value: 0.1, min: 0, about: "size of the core" },
    gamma: { unit: "", value: 2, frozen: true, min: 1.01, about: "steepness of the wings" },
  },
  position: ["lon_0", "lat_0"],
  /** Brightness in sr-1 at (lon, lat), in the frame of the model. */
  evaluate(lon, lat, [lon0, lat0, sigma, gamma]) {
    const x = Math.sin(((lon - lon0) * degree) / 2) ** 2 * Math.cos(lat * degree) * Math.cos(lat0 * degree);
    const theta = 2 * Math.asin(Math.sqrt(Math.sin(((lat - lat0) * degree) / 2) ** 2 + x));
    const s = sigma * degree;
    return ((1 - 1 / gamma) / (2 * Math.PI * s * s)) * (1 + theta ** 2 / (2 * gamma * s * s)) ** -gamma;
  },
  /** Beyond this radius, deg, it counts as zero: where what is cut off no longer matters, as a fit sees the cut move. */
  evaluationRadius: ([, , sigma]) => 30 * sigma,
  /** Pixels wider than this, deg, are divided. */
  binSizeMin: ([, , sigma]) => sigma / 3,
};

export default { spatial: [kingSpatial] };
