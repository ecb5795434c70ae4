/** The thread script of these tests. */
import { standardTasks } from "../../src/estimators/tasks.js";
import { serveThread } from "../../src/node/serve-thread.js";
import { lookAt, meet, squares } from "./tasks.js";

serveThread([...standardTasks, squares, lookAt, meet]);
