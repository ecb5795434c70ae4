import type { AnyTaskKind } from "../execute/types.js";
import { constancyTask } from "./constancy.js";
import { constructionTask } from "./construction.js";
import { limitsTask } from "./expected-limit.js";
import { fluxPointsTask } from "./flux-points.js";
import { lightCurveTask } from "./light-curve.js";
import { contourTask, profileTask, surfaceTask } from "./scans.js";
import { toysTask } from "./toys.js";
import { tsMapTask } from "./ts-map.js";

/** The kinds of work that GammaTS's workers know. */
export const standardTasks: readonly AnyTaskKind[] = [
  toysTask,
  constructionTask,
  limitsTask,
  fluxPointsTask,
  lightCurveTask,
  constancyTask,
  profileTask,
  surfaceTask,
  contourTask,
  tsMapTask,
];
