/** GammaTS in Node: files, threads, servers of jobs, pictures as files, and the Crab analysis. */
export {
  analyseCrab,
  type CrabData,
  type CrabFiles,
  type CrabOptions,
  type CrabOutput,
  type CrabResult,
  exampleFolder,
  findCrab,
  readCrab,
  writeCrab,
} from "./node/crab.js";
export { CRAB_DATA_LICENCE, CRAB_DATA_URL, crabDataFiles } from "./node/crab-data.js";
export { type Downloaded, type DownloadOptions, download, type RemoteFile } from "./node/download.js";
export { type NodeFilesOptions, nodeFiles } from "./node/files.js";
export { INTERRUPTED, type Interrupt, onInterrupt } from "./node/interrupt.js";
export { type KeepOptions, keepingExecutor } from "./node/keep.js";
export { svgToPdf, svgToPng } from "./node/picture.js";
export {
  datasetPictures,
  type PictureFormat,
  type PicturesOptions,
  sedPicture,
  writePicture,
  writePictures,
} from "./node/pictures.js";
export { type Progress, type ProgressOptions, progressLine } from "./node/progress.js";
export { readPlugins } from "./node/read-plugins.js";
export type { RedisOptions } from "./node/redis-client.js";
export { type RedisExecutorOptions, redisExecutor } from "./node/redis-executor.js";
export { type RedisWorker, type RedisWorkerOptions, redisWorker } from "./node/redis-worker.js";
export { type ServedPage, servePage } from "./node/serve-page.js";
export { serveTasks } from "./node/serve-tasks.js";
export { serveThread } from "./node/serve-thread.js";
export { type ThreadsOptions, threadsExecutor } from "./node/threads.js";
