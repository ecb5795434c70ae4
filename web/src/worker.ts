/** The engine in a thread of its own. */
import { createEngine } from "./engine.js";
import { serve } from "./serve.js";

serve(createEngine);
