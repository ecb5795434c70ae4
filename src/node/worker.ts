/** Script of the threads. */
import { standardTasks } from "../estimators/tasks.js";
import { serveThread } from "./serve-thread.js";

serveThread(standardTasks);
