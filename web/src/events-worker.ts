/** Event files in a thread of their own, which is started when there are some. */
import { createEvents } from "./events.js";
import { serve } from "./serve.js";

serve(createEvents);
