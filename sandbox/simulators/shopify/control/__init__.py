"""The commands below `/_control/`: what merchants do in Shopify's Admin, and what tests do to Shopify."""
