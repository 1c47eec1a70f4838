"""The simulator as the server runs it."""

from sandbox.simulators.common.server import Service
from sandbox.simulators.shopify import printing
from sandbox.simulators.shopify.operations import OPERATIONS
from sandbox.simulators.shopify.remote import ShopifyControl
from sandbox.simulators.shopify.simulator import Simulator

SERVICE = Service("ShopifySimulator", Simulator, ShopifyControl, printing.line, OPERATIONS)
