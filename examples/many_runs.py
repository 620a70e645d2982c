"""Hundreds of runs, sixteen at a time: progress on stderr, one JSON object a line on stdout as they end.

python examples/many_runs.py 300 > results.jsonl
"""

import json
import sys

from langgraph_runs import Client, RunCreate

TOTAL = int(sys.argv[1]) if len(sys.argv) > 1 else 300
payloads: list[RunCreate] = [{"assistant_id": "agent", "input": {"n": n, "fail": n % 25 == 24}} for n in range(TOTAL)]

failed = 0
with Client() as client, client.runs.map(payloads, concurrency=16) as results:
    for done, (payload, result) in enumerate(results, 1):
        if isinstance(result, Exception):
            failed += 1
            line = {"input": payload.get("input"), "error": str(result)}
        else:
            line = {"input": payload.get("input"), "n": result["n"]}
        print(json.dumps(line), flush=True)
        print(f"\r{done} of {TOTAL}, {failed} failed", end="", file=sys.stderr, flush=True)
print(file=sys.stderr)
sys.exit(1 if failed else 0)
