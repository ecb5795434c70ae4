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
} from "./crab.js";
export { CRAB_DATA_LICENCE, CRAB_DATA_URL, crabDataFiles } from "./crab-data.js";
export { type Downloaded, type DownloadOptions, download, type RemoteFile } from "./download.js";
export { type NodeFilesOptions, nodeFiles } from "./files.js";
export { INTERRUPTED, type Interrupt, onInterrupt } from "./interrupt.js";
export { type KeepOptions, keepingExecutor } from "./keep.js";
export { svgToPdf, svgToPng } from "./picture.js";
export {
  datasetPictures,
  type PictureFormat,
  type PicturesOptions,
  sedPicture,
  writePicture,
  writePictures,
} from "./pictures.js";
export { type Progress, type ProgressOptions, progressLine } from "./progress.js";
export {
  type RedisExecutorOptions,
  type RedisOptions,
  type RedisWorker,
  type RedisWorkerOptions,
  redisExecutor,
  redisWorker,
} from "./redis.js";
export { serveThread } from "./serve-thread.js";
export { type ThreadsOptions, threadsExecutor } from "./threads.js";
