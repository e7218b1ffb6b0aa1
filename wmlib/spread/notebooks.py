"""A job that is a whole notebook: run from top to bottom with another base seed."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path


def notebook_claims(job: tuple[str, int]) -> dict:
    """Run a notebook, given as text, with another base seed: its claims, and why it stopped."""
    import nbformat  # not among what wmlib needs: whoever runs notebooks has it
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, DeadKernelError

    text, seed = job
    notebook, stopped = nbformat.reads(text, as_version=4), ""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "claims.jsonl"
        env = {key: value for key, value in os.environ.items() if key != "WMLIB_TEST"}
        env |= {"WMLIB_SEED": str(seed), "WMLIB_CLAIMS": str(told)}
        env |= {"WMLIB_STATIC": "1", "PYTHONUTF8": "1"}
        where = {"metadata": {"path": folder}}
        try:
            client = NotebookClient(notebook, timeout=900, resources=where)
            client.execute(env=env, stderr=subprocess.DEVNULL)  # the kernel's own chatter
        except (CellControlSignal, DeadKernelError) as error:
            stopped = str(error).strip()[-600:]
        lines = told.read_text(encoding="utf8").splitlines() if told.exists() else []
    return {"claims": [json.loads(line) for line in lines], "stopped": stopped}
