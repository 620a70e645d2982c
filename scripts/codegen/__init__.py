"""Generates `generated/langgraph_runs_api` from `openapi.yaml` with openapi-python-client.

- `description` validates openapi.yaml, and translates it into what the generator gets right.
- `overrides` lists our changes to the generator's templates.
- `runtime` holds modules that are copied into the package, where the generated modules import them.
- `generate` runs the generator; a warning is an error.
"""
