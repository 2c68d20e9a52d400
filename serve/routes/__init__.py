"""The addresses of the service: each reads a request, calls what computes, and writes the answer."""
