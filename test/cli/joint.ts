import { writeFile } from "node:fs/promises";
import { writeDatasets } from "../../src/api/io.js";
import { readCrab } from "../../src/node/crab.js";
import { nodeFiles } from "../../src/node/files.js";
import { type Folder, temporaryFolder } from "./run.js";

/** The joint analysis of the example in a folder that is gone after the tests of a file. */
export async function jointInFolder(): Promise<{ folder: Folder; joint: [datasets: string, models: string] }> {
  const folder = await temporaryFolder();
  return { folder, joint: await writeJoint("examples/crab", folder.path("twin")) };
}

/** Writes the joint Crab analysis below `data` (its three datasets, start values) into a folder; returns the arguments that name it. */
export async function writeJoint(data: string, folder: string): Promise<[datasets: string, models: string]> {
  const { datasets, models } = await readCrab(data, nodeFiles());
  await writeDatasets({ datasets, models }, nodeFiles(), { folder, prefix: "joint", overwrite: true });
  return [`${folder}/joint_datasets.yaml`, `${folder}/joint_models.yaml`];
}

const parameter = (name: string, value: number, mu: number, sigma: number) => `
      - name: ${name}
        value: ${value}
        frozen: false
        prior: {type: GaussianPrior, parameters: [{name: mu, value: ${mu}}, {name: sigma, value: ${sigma}}]}`;

/** models.yaml with the systematics of H.E.S.S., an effective area known to 20 % and an energy scale known to 10 %. */
export async function withCalibration(text: string, path: string): Promise<string> {
  const block = `calibration:
  - name: HESS systematics
    datasets_names: [HESS]
    parameters:${parameter("area_norm", 1, 1, 0.2)}${parameter("energy_scale", 0, 0, 0.1)}
`;
  await writeFile(path, `${text.replace(/^covariance:.*\n/m, "")}${block}`);
  return path;
}
