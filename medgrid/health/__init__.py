"""One report on all sides of MedGrid, for a monitor. The RPC `medgrid.health.report` resolves here; the
function itself is in `rpc`."""

from medgrid.core.lazy_names import handed_on

__all__ = ["report"]

__getattr__ = handed_on(__name__, dict.fromkeys(__all__, "rpc"))
