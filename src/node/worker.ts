/** Script of the threads. */
import { standardTasks } from "../estimators/tasks.js";
import { serveTasks } from "./serve-tasks.js";

await serveTasks(standardTasks);
