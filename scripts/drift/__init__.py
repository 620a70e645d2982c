"""Finds how a server differs from openapi.yaml, in its document and in what it does.

- `document` reads OpenAPI documents, `operations` and `shapes` reduce them to what can be compared.
- `comparison` compares two documents; a `difference` is what it finds.
- `facts` has the table of what our code relies on in a server's behaviour, and checks it on a running `server`.
- `notes` and `notes.yaml` say which differences are on purpose.
- `report` prints what was found.
"""
