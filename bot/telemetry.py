"""Switches off what libraries report to their vendors."""

from __future__ import annotations

import os


def switch_off() -> None:
    """Keep onnxruntime and huggingface_hub from sending usage data.

    To be called before they are imported. Otherwise onnxruntime gives the machine an id, and sends events to Microsoft.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
