# Made by scripts/generate.py from openapi.yaml; do not edit.
"""Contains endpoint functions for accessing the API"""
