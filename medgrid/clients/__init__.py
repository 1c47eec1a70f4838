"""One package for each service that MedGrid calls. They know HTTP and the service, and no document."""
