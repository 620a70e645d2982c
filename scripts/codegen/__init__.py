"""Generates `generated/langgraph_runs_api` from `openapi.yaml` with openapi-python-client.

- `description` validates openapi.yaml and puts it into the form that gives the code we want.
- `overrides` lists our changes to the generator's templates.
- `runtime` holds modules that are copied into the package, where the generated modules import them.
- `generate` runs the generator and checks that its result is complete.
"""
