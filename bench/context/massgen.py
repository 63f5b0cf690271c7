"""Builds a turn's prompts with MassGen's own templates. Usage: massgen.py FOLDER; cells as JSON on standard input, figures as JSON on standard output."""

import importlib.util
import json
import pathlib
import statistics
import sys
import time

# Read first: a checkout that does not load shall not break the pipe.
cells = json.load(sys.stdin)
path = pathlib.Path(sys.argv[1]) / "massgen" / "message_templates.py"
spec = importlib.util.spec_from_file_location("message_templates", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
templates = module.MessageTemplates()


def build(cell):
    return [
        templates.build_conversation_with_context(
            current_task=cell["request"],
            conversation_history=cell["history"],
            agent_summaries=cell["answers"],
            valid_agent_ids=list(cell["answers"]),
        )
        for _ in cell["answers"]
    ]


def measure(cell):
    times = []
    for _ in range(cell["runs"]):
        started = time.perf_counter()
        build(cell)
        times.append((time.perf_counter() - started) * 1000)
    characters = sum(len(p["system_message"]) + len(p["user_message"]) for p in build(cell))
    return {"ms": statistics.median(times), "tokens": round(characters / 4)}


json.dump([measure(cell) for cell in cells], sys.stdout)
