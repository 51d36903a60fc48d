"""Full-text search without models: German text analysis, an index behind a protocol, one embedded engine.

Words: a *document* is what can be found, a *definition* says which fields, facets, numbers and orders an index
knows, a *generation* is one committed state of it. `protocol` holds what callers use; `tantivy_index` is the engine
that lives in the application's own process. What is indexed, and who may see it, is decided in `search`, not here.
"""
