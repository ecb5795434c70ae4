"""Answers requests, one JSON line each: runs the row named in it and says how many seconds a call took."""

import json
import sys
import time


def serve(rows, versions):
    """rows: name -> function of a request that returns what is to be timed; that returns a number to compare."""
    print(json.dumps(versions), flush=True)
    ready = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            name = request["row"]
            if name not in ready:
                ready[name] = rows[name](request)
            run = ready[name]
            repeat = request.get("repeat", 1)
            clock = time.process_time if request.get("cpu") else time.perf_counter
            start = clock()
            for _ in range(repeat):
                check = run()
            seconds = (clock() - start) / repeat
            answer = {"seconds": seconds, "check": None if check is None else float(check)}
        except Exception as error:  # the bench says what the peer said
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
