/** Declarations of one's own that do what standard ones do, under other names: whatever takes the registry gives the same numbers with them. */
import { standardRegistry } from "gammats";

const renamed = (family, type, name) => ({
  ...standardRegistry[family].find((d) => d.type === type),
  type: name,
  tag: name.toLowerCase(),
});
const statistic = (name, data) => ({
  ...standardRegistry.statistics.find((s) => s.name === name && s.data === data),
  name: `own-${name}`,
});

export default {
  spectral: [
    renamed("spectral", "LogParabolaSpectralModel", "OwnSpectralModel"),
    renamed("spectral", "PowerLawNormSpectralModel", "OwnNormSpectralModel"),
  ],
  spatial: [renamed("spatial", "GaussianSpatialModel", "OwnSpatialModel")],
  temporal: [renamed("temporal", "ConstantTemporalModel", "OwnTemporalModel")],
  priors: [renamed("priors", "GaussianPrior", "OwnPrior")],
  statistics: [statistic("cash", "counts"), statistic("wstat", "on-off"), statistic("chi2", "points")],
};
