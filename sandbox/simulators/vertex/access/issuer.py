"""What a reader of the identity server's tokens has to know. Imports nothing: `sandbox status` reads it."""

ISSUER = "https://identity.vertex.example"
AUDIENCE = "medgrid-vertex"
SHOP_CLAIM = "shop"
KEYS_PATH = "/identity/.well-known/jwks.json"
