"""Pages of an account; what signing in itself needs is served by allauth's views with our templates."""
