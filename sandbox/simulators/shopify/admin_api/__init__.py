"""The GraphQL Admin API on Shopify's own schema: scopes, costs, paging, search, resolvers."""
