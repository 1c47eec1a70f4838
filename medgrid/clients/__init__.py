"""One package for each service that MedGrid calls. They depend on HTTP and the service, not on DocTypes."""
