"""Short texts that sum up the responses of servers."""

import json
import re

import httpx

from scripts.drift.facts.requests import Event, events


def response_form(response: httpx.Response) -> str:
    """The status, and the form of the body as far as the client tells forms apart."""
    text = response.text.strip()
    try:
        body = json.loads(text) if text else None
    except ValueError:
        return f"{response.status_code} text"
    match body:
        case None:
            form = "empty" if not text else "null"
        case {"__error__": error}:
            form = f"__error__ {error_form(error)}"
        case {"run_id": _, "status": _}:
            form = "a run"
        case {"detail": str()}:
            form = "{detail: text}"
        case {"detail": list()}:
            form = "{detail: list}"
        case {"error": str(), "message": str()}:
            form = "{error, message}"
        case {"error": {"issues": list()}}:
            form = "{error: {issues}}"
        case [{"run_id": _}, *_]:
            form = f"{len(body)} runs"
        case []:
            form = "no runs"
        case dict():
            form = "values"
        case _:
            form = type(body).__name__
    return f"{response.status_code} {form}"


def error_form(error: object) -> str:
    """Name and message of the error that ended a run."""
    match error:
        case {"error": str(name), "message": str(message)}:
            return f"{name}: {message}"
        case _:
            return json.dumps(error)


def without_ids(text: str) -> str:
    """The text with ID in place of every id."""
    return re.sub(r"[0-9a-f-]{36}", "ID", text)


def names(found: list[Event]) -> str:
    """The events' names without `|namespace`, each once, in the order of their first appearance."""
    return " ".join(dict.fromkeys(event.name.partition("|")[0] for event in found)) or "no events"


# What facts.yaml names: see also `response_form`


def status(response: httpx.Response) -> str:
    return str(response.status_code)


def location(response: httpx.Response) -> str:
    """The headers that tell where a run is, without its ids."""
    headers = ("Location", "Content-Location")
    return ", ".join(f"{name} {without_ids(response.headers.get(name, 'none'))}" for name in headers)


def location_and_thread(response: httpx.Response) -> str:
    thread = "thread_id in the body" if response.json().get("thread_id") else "no thread_id"
    return f"{location(response)}; {thread}"


def fields_of(response: httpx.Response) -> str:
    return " ".join(sorted(response.json()))


def fields_of_the_first(response: httpx.Response) -> str:
    found = response.json()[0]
    return "whole runs" if "created_at" in found else " ".join(sorted(found))


def where_it_stopped(response: httpx.Response) -> str:
    """Whether the node `work` ran, which writes `n`."""
    return "went through" if "n" in response.json() else "stopped before work"


def form_and_media_type(response: httpx.Response) -> str:
    return f"{response_form(response)}, {response.headers['content-type'].partition(';')[0]}"


def line_form(response: httpx.Response) -> str:
    lines = "many data lines" if re.search(r"\ndata:[^\n]*\n?\r?data:", response.text) else "one data line"
    return f"{'CR LF' if chr(13) in response.text else 'LF'}, {lines}"


def event_names(response: httpx.Response) -> str:
    return names(events(response))


def event_names_and_namespaces(response: httpx.Response) -> str:
    return " ".join(sorted({without_ids(event.name) for event in events(response)})) or "no events"


def first_event(response: httpx.Response) -> str:
    first = events(response)[0]
    return f"{first.name}: {' '.join(sorted(first.data))}"


def last_event(response: httpx.Response) -> str:
    return events(response)[-1].name


def last_id(response: httpx.Response) -> str:
    return re.sub(r"\d+", "N", without_ids(events(response)[-1].id or "none"))


def shared_ids(response: httpx.Response) -> str:
    found = events(response)
    return "unique" if len({event.id for event in found}) == len(found) else "shared"


def error_event(response: httpx.Response) -> str:
    found = events(response)
    position = [event.name for event in found].index("error")
    after = "".join(f", then {event.name}" for event in found[position + 1 :])
    return f"error {error_form(found[position].data)}{after}"


def only_event(response: httpx.Response) -> str:
    if not response.is_success:
        return response_form(response)
    (only,) = events(response)
    return f"{response.status_code} {only.name} {error_form(only.data)}"


def message_event(response: httpx.Response) -> str:
    one, *_ = [event for event in events(response) if event.name.startswith("messages")]
    return f"{one.name.partition('|')[0]}: a list of {len(one.data)}, tags {' '.join(one.data[1]['tags'])}"


def subgraph_event(response: httpx.Response) -> str:
    name, *_ = [event.name for event in events(response) if "|" in event.name]
    return without_ids(name)


def events_with_interrupt(response: httpx.Response) -> str:
    return names([one for one in events(response) if isinstance(one.data, dict) and "__interrupt__" in one.data])
