"""MedGrid's main job over HTTP against the running demo site: one line a step with what came back."""

import sys

from sandbox.demo.steps import run

sys.exit(run())
